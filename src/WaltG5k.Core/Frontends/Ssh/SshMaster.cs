using System.Diagnostics;
using System.Security.Cryptography;
using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// One connection of ssh that others share through its socket. A small program at the far end answers what we write to the connection's own session:
/// that shows that it lives, and when our end is gone, however we ended, it closes the connection with all that runs over it.
/// </summary>
sealed class SshMaster : IAsyncDisposable
{
    /// <summary>ssh notices a dead network itself in 45 s; three pings find an ssh that hangs in the same time.</summary>
    internal static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);
    const int PingsUnanswered = 3;

    static readonly TimeSpan s_login = TimeSpan.FromSeconds(30), s_goodbye = TimeSpan.FromMilliseconds(500);

    /// <summary>In which the last words of an ssh that could not log in are read: they are its reason. In real time, as the pipe is.</summary>
    static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(5);

    /// <summary>$PPID is sshd's process for this connection.</summary>
    const string Keeper = """echo "$1"; cat; kill $PPID""";

    static readonly string[] s_options =
    [
        "-M", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3", "-o",
            "ControlPersist=no",
        // What a user's configuration may say for logins by hand.
        "-o", "ClearAllForwardings=yes", "-o", "ForwardX11=no", "-o", "RemoteCommand=none", "-o", "RequestTTY=no", "-o", "PermitLocalCommand=no",
        "-o", "ForkAfterAuthentication=no", "-o", "StdinNull=no", "-o", "SessionType=default", "-o", "LogLevel=INFO",
    ];

    readonly Process _process;
    readonly int _id;
    readonly TimeProvider _time;
    readonly CancellationTokenSource _ending = new();
    readonly SshMasterLog _log = new();
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _output, _errors, _exit;
    int _unanswered;

    SshMaster(Process process, string socket, string mark, TimeProvider time)
    {
        _process = process;
        _id = process.Id;
        _time = time;
        Socket = socket;
        _exit = process.WaitForExitAsync(CancellationToken.None);
        _output = ReadOutputAsync(mark);
        _errors = ReadErrorsAsync();
        Ended = EndAsync();
    }

    public string Socket { get; }

    /// <summary>Ends when the connection does.</summary>
    public Task Ended { get; }

    /// <summary>What ssh says, refused channels among it.</summary>
    public SshMasterLog Log => _log;

    /// <summary>Logs in.</summary>
    /// <exception cref="FrontendUnreachableException">With the reason that ssh gave.</exception>
    public static async Task<SshMaster> OpenAsync(string site, SshTarget target, string socket, TimeProvider time,
        CancellationToken cancellationToken)
    {
        string mark = "waltg5k:" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        string line = $"exec /bin/sh -c {PosixShell.Quote(Keeper)} waltg5k {mark}";
        Process process = SshProcess.Start([.. target.Options, .. s_options, "-S", socket, "--", target.Host, line]);
        var master = new SshMaster(process, socket, mark, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task late = Task.Delay(s_login, time, stop.Token);
        Task first = await Task.WhenAny(master._ready.Task, master.Ended, late).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        if (first == master._ready.Task)
        {
            _ = master.PingAsync();
            return master;
        }
        await master.DisposeAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        throw first == late
            ? SshFailures.Make(SshFailureReason.Timeout, site, target.ToString(),
            $"The login has not ended within {s_login.TotalSeconds:0} s. {master._log.Text}".TrimEnd())
            : SshFailures.OfLogin(site, target.ToString(), master._log.Text);
    }

    public async ValueTask DisposeAsync()
    {
        Signals.Send(_id, Signals.Terminate);
        if (await Task.WhenAny(Ended, Task.Delay(s_goodbye, _time, CancellationToken.None)).ConfigureAwait(false) == Ended) return;
        Signals.Send(_id, Signals.Kill);
        await Ended.ConfigureAwait(false);
    }

    async Task EndAsync()
    {
        await _exit.ConfigureAwait(false);
        Signals.Send(_id, Signals.Kill); // the ssh of a jump host is in its group
        Task patience = _ready.Task.IsCompleted
            ? Task.Delay(s_goodbye, _time, CancellationToken.None)
            : Task.Delay(s_lastWords, CancellationToken.None);
        await Task.WhenAny(Task.WhenAll(_output, _errors), patience).ConfigureAwait(false);
        await _ending.CancelAsync().ConfigureAwait(false);
        File.Delete(Socket);
        _process.Dispose();
    }

    async Task PingAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(PingInterval, _time, _ending.Token).ConfigureAwait(false);
                if (Interlocked.Increment(ref _unanswered) > PingsUnanswered) break;
                await _process.StandardInput.WriteAsync("\n".AsMemory(), _ending.Token).ConfigureAwait(false);
                await _process.StandardInput.FlushAsync(_ending.Token).ConfigureAwait(false);
            }
            Signals.Send(_id, Signals.Kill);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    async Task ReadOutputAsync(string mark)
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                Interlocked.Exchange(ref _unanswered, 0);
                if (line.EndsWith(mark, StringComparison.Ordinal)) _ready.TrySetResult();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended.
        }
    }

    async Task ReadErrorsAsync()
    {
        try
        {
            while (await _process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line) _log.Add(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended.
        }
    }
}
