using WaltG5k.Core.Frontends;

namespace WaltG5k.Testbed;

/// <summary>
/// An embedded Grid'5000. The process that opens it owns it and emulates everything; a process that opens the same
/// <see cref="TestbedOptions.StatePath"/> meanwhile joins that one.
/// </summary>
public abstract class TestbedGrid : IGrid
{
    private protected TestbedGrid() { }

    /// <summary>Opens a testbed, or joins the one that already runs in <see cref="TestbedOptions.StatePath"/>.</summary>
    /// <exception cref="Core.G5kException">
    /// <c>InvalidFault</c>, <c>InvalidSpeed</c>, <c>TestbedStateCorrupt</c>, <c>TestbedStateUnavailable</c>, <c>TestbedNotShareable</c>.
    /// </exception>
    public static async Task<TestbedGrid> OpenAsync(TestbedOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        return await OwnedGrid.StartAsync(options).ConfigureAwait(false);
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
    public abstract IReadOnlyList<string> ConnectArguments { get; }
    public abstract IFrontend GetFrontend(string site);
    public abstract ValueTask DisposeAsync();
}
