using System.Globalization;

namespace WaltG5k.BootFs;

/// <summary>
/// Reads ranges of the image, some ahead, and writes them to the standard output in order: a look at an image, and the client's own test.
/// </summary>
sealed class FileFront(IReadOnlyList<(long Offset, long Length)>? ranges) : IFront
{
    const int Piece = 128 * 1024;
    const int Ahead = 4;

    readonly SortedDictionary<ulong, byte[]> _early = [];
    IEnumerator<(long Offset, int Length)> _pieces = Enumerable.Empty<(long, int)>().GetEnumerator();
    ulong _asked;
    ulong _written;
    bool _isAtEnd;

    public int File => -1;
    public bool IsOver => HasFailed || (_isAtEnd && _written == _asked);
    public bool HasFailed { get; private set; }

    public void Begin(ImageShape shape) => _pieces = Pieces(ranges ?? [(0, shape.Size)]).GetEnumerator();

    static IEnumerable<(long Offset, int Length)> Pieces(IReadOnlyList<(long Offset, long Length)> ranges)
    {
        foreach ((long offset, long length) in ranges)
        {
            for (long done = 0; done < length; done += Piece) yield return (offset + done, (int)Math.Min(Piece, length - done));
        }
    }

    public void Receive(RootClient client)
    {
    }

    public void Step(RootClient client)
    {
        while (!_isAtEnd && _asked - _written < Ahead)
        {
            if (_pieces.MoveNext()) client.Read(_asked++, _pieces.Current.Offset, _pieces.Current.Length);
            else _isAtEnd = true;
        }
    }

    public void Complete(CompletedRead read)
    {
        if (read.Buffer is null)
        {
            HasFailed = true;
            return;
        }
        _early[read.Cookie] = read.Buffer.AsSpan(0, read.Length).ToArray();
        while (_early.Remove(_written, out byte[]? data))
        {
            Libc.WriteAll(1, data);
            _written++;
        }
    }

    /// <summary>Reads <c>OFFSET:LENGTH</c> words.</summary>
    public static IReadOnlyList<(long, long)>? Parse(IReadOnlyList<string> words) => words.Count == 0 ? null : [.. words.Select(w =>
        w.Split(':') is [string o, string l] && long.TryParse(o, NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
        && long.TryParse(l, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
        ? (offset, length)
        : throw new UsageException($"'{w}' is no OFFSET:LENGTH"))];

    public void Dispose() => _pieces.Dispose();
}
