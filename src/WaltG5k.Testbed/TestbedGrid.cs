using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Sharing;
using WaltG5k.Testbed.State;

namespace WaltG5k.Testbed;

/// <summary>
/// An embedded Grid'5000. The process that opens it owns it and emulates everything; a process that opens the same
/// <see cref="TestbedOptions.StatePath"/> meanwhile joins that one.
/// </summary>
public abstract class TestbedGrid : IGrid
{
    // In real time.
    static readonly TimeSpan s_joinLimit = TimeSpan.FromSeconds(15);
    static readonly TimeSpan s_joinRetry = TimeSpan.FromMilliseconds(50);

    private protected TestbedGrid() { }

    /// <summary>Opens a testbed, or joins the one that already runs in <see cref="TestbedOptions.StatePath"/>.</summary>
    /// <exception cref="Core.G5kException">
    /// <c>InvalidFault</c>, <c>InvalidSpeed</c>, <c>TestbedStateCorrupt</c>, <c>TestbedStateUnavailable</c>, <c>TestbedInUse</c>,
    /// <c>TestbedNotShareable</c>.
    /// </exception>
    public static async Task<TestbedGrid> OpenAsync(TestbedOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        if (!double.IsFinite(options.Speed) || options.Speed < 0) throw TestbedErrors.InvalidSpeed(options.Speed);
        foreach (string fault in options.Faults) FaultSpecification.Parse(fault);
        return options.StatePath is null
            ? await OwnedGrid.StartAsync(options).ConfigureAwait(false)
            : await OpenFolderAsync(options, StateFolder.Prepare(options.StatePath), cancellationToken).ConfigureAwait(false);
    }

    // Whoever gets the lock owns the testbed, everyone else joins its owner: one that starts or ends right now is waited for.
    static async Task<TestbedGrid> OpenFolderAsync(TestbedOptions options, string folder, CancellationToken cancellationToken)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (StateFolder.TryOwn(folder) is { } ownership) return await OwnedGrid.StartAsync(options, folder, ownership).ConfigureAwait(false);
            if (options.Fresh || options.Faults.Count > 0) throw TestbedErrors.InUse(folder);
            if (await JoinedGrid.TryJoinAsync(folder, answerLimit: null, cancellationToken).ConfigureAwait(false) is { } joined) return joined;
            if (TimeProvider.System.GetElapsedTime(started) > s_joinLimit) throw TestbedErrors.NoAnswer(folder);
            await Task.Delay(s_joinRetry, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is emulated; only the owner has it.</summary>
    /// <exception cref="InvalidOperationException">This process has joined a testbed that another one owns.</exception>
    public abstract TestbedWorld World { get; }

    /// <summary>Whether another process, or another grid of this one, emulates the testbed.</summary>
    public abstract bool IsJoined { get; }

    public string Name => "testbed";
    public abstract string User { get; }
    /// <summary>Null: no site is nearer than another.</summary>
    public string? LocalSite => null;
    public abstract string HomeDirectory { get; }
    public abstract TimeProvider Time { get; }
    public abstract HttpClient Api { get; }
    public abstract HttpClient? GetOarApi(string site);
    public abstract IReadOnlyList<string> ConnectArguments { get; }
    public abstract IFrontend GetFrontend(string site);
    public abstract ValueTask DisposeAsync();
}
