using System.Collections.Concurrent;
using System.Text;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>Decides which targets of a command are reached by TakTuk.</summary>
sealed class TakTukChoice(Func<string, IFrontend> frontends, TimeProvider time)
{
    /// <summary>Targets of a site from which on it pays: below, ssh from here is faster and keeps its connections.</summary>
    public const int ManyTargets = 1000;

    /// <summary>Where it is installed, as far as is known.</summary>
    readonly ConcurrentDictionary<string, bool> _sites = new(StringComparer.Ordinal);

    /// <summary>Null when all are reached directly.</summary>
    /// <exception cref="G5kException"><c>TakTukMissing</c> or <c>TakTukUnsuitable</c>, where it was asked for.</exception>
    public async Task<IGroupTransport?> MakeAsync(IReadOnlyList<NodeTarget> targets, NodeCommand command, NodeExecutionOptions options,
        CancellationToken cancellationToken)
    {
        if (options.Spread == NodeSpread.Direct || targets.Count == 0) return null;
        bool isWanted = options.Spread != NodeSpread.Automatic;
        if (!isWanted && targets.Count < ManyTargets) return null;
        if (FindObstacle(command, options, targets) is { } obstacle)
        {
            if (!isWanted) return null;
            throw new G5kException("TakTukUnsuitable", ErrorKind.InvalidArgument, $"TakTuk cannot carry this command: {obstacle}.",
                command.ToString(), "Let it go directly: Spread = Direct");
        }
        var sites = new List<IGrouping<string, NodeTarget>>();
        foreach (IGrouping<string, NodeTarget> site in targets.GroupBy(t => t.Site, StringComparer.Ordinal))
        {
            if (!isWanted && site.Count() < ManyTargets) continue;
            if (await HasAsync(site.Key, isWanted, cancellationToken).ConfigureAwait(false)) sites.Add(site);
            else if (isWanted) throw new G5kException("TakTukMissing", ErrorKind.NotInstalled, $"{frontends(site.Key).Name} has no TakTuk.",
                site.Key, "Let the command go directly: Spread = Direct");
        }
        return sites.Count == 0 ? null : new TakTukTransport(sites, frontends, time);
    }

    static string? FindObstacle(NodeCommand command, NodeExecutionOptions options, IReadOnlyList<NodeTarget> targets)
    {
        if (command.IsTemplate) return "it differs from target to target";
        if (options.StopAfterFailures is not null) return "it starts it everywhere at once, and so cannot stop after failures";
        int size = Encoding.UTF8.GetByteCount(command.GetScript(targets[0], 0, 1)) + Encoding.UTF8.GetByteCount(command.Input ?? "");
        return size > TakTukCommand.LongestScript ? "it and its input are too long" : null;
    }

    async Task<bool> HasAsync(string site, bool isWanted, CancellationToken cancellationToken)
    {
        if (_sites.TryGetValue(site, out bool has)) return has;
        try
        {
            CommandResult result = await frontends(site).RunAsync(TakTukCommand.Probe, null, cancellationToken).ConfigureAwait(false);
            return _sites[site] = result.ExitStatus == 0;
        }
        catch (G5kException) when (!isWanted)
        {
            return false; // the targets will tell
        }
    }
}
