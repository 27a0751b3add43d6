namespace WaltG5k.Core;

/// <summary>Where the core tells a person what it does. May be called from any thread; never blocks for long.</summary>
public interface IReporter
{
    void Verbose(string message);
    void Warning(string message);
    void Progress(ProgressUpdate update);
}

/// <summary>One state of a progress bar.</summary>
/// <param name="Id">Constant for one operation.</param>
/// <param name="Activity">What is being done: <c>Deploying WalT on nancy</c>.</param>
/// <param name="Status">Where it stands: <c>server.deploy, 12 of 20 nodes ready</c>.</param>
public sealed record ProgressUpdate(int Id, string Activity, string Status)
{
    /// <summary>0 to 100, or -1 when unknown.</summary>
    public int Percent { get; init; } = -1;
    public TimeSpan? Remaining { get; init; }
    public int ParentId { get; init; } = -1;
    public bool Completed { get; init; }
}

/// <summary>Says nothing.</summary>
public sealed class SilentReporter : IReporter
{
    public static SilentReporter Instance { get; } = new();
    public void Verbose(string message) { }
    public void Warning(string message) { }
    public void Progress(ProgressUpdate update) { }
}
