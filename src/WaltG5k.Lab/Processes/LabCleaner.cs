using System.Diagnostics;

namespace WaltG5k.Lab.Processes;

/// <summary>Ends what a lab has left behind, by what it wrote down.</summary>
static class LabCleaner
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Ends the namespaces, which takes all that runs in them along, then whatever is still there. Gives what could not be ended.</summary>
    public static async Task<IReadOnlyList<LabPart>> CleanAsync(LabFolder folder, LabRecord record, CancellationToken cancellationToken)
    {
        foreach (LabPart part in record.Parts.Where(p => p.Kind == "namespace")) part.Process?.Kill();
        Stopwatch waited = Stopwatch.StartNew();
        LabPart[] left = Alive(record);
        while (left.Length > 0 && waited.Elapsed < s_limit)
        {
            if (waited.Elapsed > s_limit / 4) foreach (LabPart part in left) part.Process?.Kill();
            await Task.Delay(s_poll, cancellationToken).ConfigureAwait(false);
            left = Alive(record);
        }
        if (left.Length == 0) folder.DeleteRun();
        return left;
    }

    static LabPart[] Alive(LabRecord record) => [.. record.Parts.Where(p => p.Process is { IsAlive: true })];
}
