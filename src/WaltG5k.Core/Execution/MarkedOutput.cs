using System.Text;

namespace WaltG5k.Core.Execution;

/// <summary>
/// One output of a node's shell, in which a mark tells where each command begins and ends: record separator, a word that nobody else knows, <c>b</c>
/// or <c>e STATUS</c>, newline. What lies between the two is the command's, to the byte; what lies outside is noise of the login.
/// </summary>
sealed class MarkedOutput(string word)
{
    const byte Separator = 0x1e;
    /// <summary>Longer than any mark's end: <c>e 255</c> and the newline.</summary>
    const int LongestTail = 8;
    const int NoiseLimit = 8192;
    const int Incomplete = -1;

    readonly Lock _lock = new();
    readonly byte[] _mark = [Separator, .. Encoding.ASCII.GetBytes(word), (byte)' '];
    readonly Kept _noise = new(NoiseLimit);
    /// <summary>The begin of what may become a mark.</summary>
    readonly List<byte> _held = [];
    Kept _kept = new(0);
    bool _isWithin;
    TaskCompletionSource _began = NewSource();
    TaskCompletionSource<int> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the command begins.</summary>
    public Task Began => _began.Task;

    /// <summary>Ends with the command's exit status.</summary>
    public Task<int> Finished => _finished.Task;

    public long Dropped => _kept.Dropped;

    /// <summary>What the command has printed so far.</summary>
    public string Text
    {
        get
        {
            lock (_lock) return _kept.ToString();
        }
    }

    /// <summary>What was printed outside of any command: ssh's own words, among others.</summary>
    public string Noise
    {
        get
        {
            lock (_lock) return _noise.ToString();
        }
    }

    /// <summary>The next mark begins another command, of whose output so many bytes are kept.</summary>
    public void Expect(int limit)
    {
        lock (_lock)
        {
            _kept = new Kept(limit);
            _isWithin = false;
            _began = NewSource();
            _finished = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_held.Count > 0)
            {
                byte[] joined = [.. _held, .. bytes];
                _held.Clear();
                Split(joined);
            }
            else
            {
                Split(bytes);
            }
        }
    }

    void Split(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int start = bytes.IndexOf(Separator);
            if (start < 0)
            {
                Take(bytes);
                return;
            }
            Take(bytes[..start]);
            bytes = bytes[start..];
            int length = MeasureMark(bytes);
            if (length == Incomplete)
            {
                _held.AddRange(bytes);
                return;
            }
            if (length == 0) Take(bytes[..1]);
            else Meet(Encoding.ASCII.GetString(bytes[_mark.Length..(length - 1)]));
            bytes = bytes[Math.Max(1, length)..];
        }
    }

    /// <summary>The length of the mark that starts here; 0 when none does.</summary>
    int MeasureMark(ReadOnlySpan<byte> bytes)
    {
        int common = Math.Min(bytes.Length, _mark.Length);
        if (!bytes[..common].SequenceEqual(_mark.AsSpan(0, common))) return 0;
        ReadOnlySpan<byte> tail = bytes[common..];
        int end = tail.IndexOf((byte)'\n');
        if (end >= 0) return end <= LongestTail ? common + end + 1 : 0;
        return tail.Length <= LongestTail ? Incomplete : 0;
    }

    void Meet(string what)
    {
        if (what == "b")
        {
            _isWithin = true;
            _began.TrySetResult();
        }
        else if (_isWithin && what.StartsWith("e ", StringComparison.Ordinal)
            && int.TryParse(what.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture, out int status))
        {
            _isWithin = false;
            _finished.TrySetResult(status);
        }
    }

    void Take(ReadOnlySpan<byte> bytes) => (_isWithin ? _kept : _noise).Add(bytes);

    static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);


    /// <summary>The first bytes of a text, and how many more there were.</summary>
    sealed class Kept(int limit)
    {
        byte[] _bytes = [];
        int _count;

        public long Dropped { get; private set; }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            int count = Math.Min(bytes.Length, limit - _count);
            if (_count + count > _bytes.Length) Array.Resize(ref _bytes, Math.Min(limit, Math.Max(2 * _bytes.Length, _count + count)));
            bytes[..count].CopyTo(_bytes.AsSpan(_count));
            _count += count;
            Dropped += bytes.Length - count;
        }

        public override string ToString() => Encoding.UTF8.GetString(_bytes, 0, _count);
    }
}
