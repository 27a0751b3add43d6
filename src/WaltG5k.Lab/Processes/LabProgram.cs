using System.Diagnostics;
using WaltG5k.Core;

namespace WaltG5k.Lab.Processes;

/// <summary>A program that runs in a namespace of the lab until it is stopped; what it prints goes to a file.</summary>
sealed class LabProgram : IAsyncDisposable
{
    const int TailLines = 6;
    const int TailBytes = 4096;
    static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(5);

    readonly Process _process;

    LabProgram(string name, IReadOnlyList<string> words, string log, Process process) => (Name, Words, Log, _process) = (name, words, log, process);

    /// <summary><c>dhcp</c>, <c>nfs</c>, <c>lab-1</c>…</summary>
    public string Name { get; }
    public IReadOnlyList<string> Words { get; }
    public string Log { get; }
    /// <summary>The program itself, as the machine counts processes.</summary>
    public ProcessStamp? Stamp { get; private set; }
    public bool IsAlive => !_process.HasExited;
    public int? ExitStatus => _process.HasExited ? _process.ExitCode : null;
    /// <summary>Whether we ended it.</summary>
    public bool IsStopped { get; private set; }

    /// <exception cref="G5kException"><c>LabServiceFailed</c>: it ended at once.</exception>
    public static async Task<LabProgram> StartAsync(LabContainer container, string name, IReadOnlyList<string> words, string log,
        CancellationToken cancellationToken)
    {
        // The shell only leads the output into the file; it becomes the program.
        ProcessStartInfo info = new("setsid", container.Enter(
            ["sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, .. words])) { UseShellExecute = false };
        info.Environment["LC_ALL"] = "C";
        LabProgram program = new(name, words, log, Process.Start(info)!);
        Stopwatch waited = Stopwatch.StartNew();
        while (program.Stamp is null && program.IsAlive && waited.Elapsed < s_startLimit)
        {
            program.Stamp = ProcessStamp.FindChildren(program._process.Id) is [var child, ..] ? child : null;
            if (program.Stamp is null) await Task.Delay(s_poll, cancellationToken).ConfigureAwait(false);
        }
        if (program.Stamp is not null) return program;
        string seen = program.ReadTail();
        await program.DisposeAsync().ConfigureAwait(false);
        throw LabErrors.ServiceFailed(name, words[0], seen);
    }

    /// <summary>The last lines that it printed.</summary>
    public string ReadTail() => ReadTail(Log);

    public static string ReadTail(string file)
    {
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Seek(-Math.Min(stream.Length, TailBytes), SeekOrigin.End);
            using StreamReader reader = new(stream);
            return string.Join("\n", reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .TakeLast(TailLines));
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Ends when the condition holds, or the program has ended, or the time is over; tells whether the condition holds.</summary>
    public async Task<bool> WaitAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (IsAlive && waited.Elapsed < limit)
        {
            if (condition()) return true;
            await Task.Delay(s_poll, cancellationToken).ConfigureAwait(false);
        }
        return false;
    }

    public void Kill()
    {
        IsStopped = true;
        Stamp?.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        if (Stamp is null && IsAlive) _process.Kill();
        using CancellationTokenSource limit = new(s_endLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Killed with its namespace.
        }
    }
}
