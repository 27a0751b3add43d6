using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Execution;

/// <summary>Where a command on many targets stands.</summary>
/// <param name="Failed">Of those that are done, the ones that did not succeed.</param>
public sealed record NodeProgress(int Total, int Done, int Failed, IReadOnlyCollection<string> Running)
{
    public int Waiting => Total - Done - Running.Count;

    /// <summary>Those still running, as a node set.</summary>
    public string RunningNodes => NodeSet.Fold(Running);

    public ProgressUpdate ToUpdate(int id, string activity) =>
        new(id, activity, $"{Done} of {Total} done" + (Failed > 0 ? $", {Failed} failed" : "")
        + (Running.Count > 0 ? $", running: {RunningNodes}" : ""))
    {
        Percent = Total == 0 ? 100 : 100 * Done / Total,
        Completed = Done == Total,
    };
}
