using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kavlan;

/// <summary>Set, verify, repeat: kavlan says "configured" also for ports that stay where they were.</summary>
sealed class KavlanAttachment(KavlanClient kavlan, TimeProvider time, string site, long jobId, string vlan)
{
    readonly Dictionary<string, KavlanNodeResult> _results = new(StringComparer.OrdinalIgnoreCase);

    public async Task<IReadOnlyList<KavlanNodeResult>> RunAsync(IReadOnlyList<string> addresses, int attempts, TimeSpan pause, CancellationToken cancellationToken)
    {
        string[] left = [.. addresses.Distinct(StringComparer.OrdinalIgnoreCase)];
        CommandResult? refusal = null;
        int withoutProgress = 0;
        for (int round = 1; left.Length > 0; round++)
        {
            CommandResult set = await kavlan.SetAsync(jobId, vlan, left, cancellationToken).ConfigureAwait(false);
            refusal = set.ExitStatus == 0 ? null : set;
            string[] missing = await VerifyAsync(left, round, cancellationToken).ConfigureAwait(false);
            withoutProgress = missing.Length < left.Length ? 0 : withoutProgress + 1;
            left = missing;
            if (withoutProgress == attempts) break;
            if (left.Length > 0) await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
        if (refusal is not null && !_results.Values.Any(r => r.IsAttached)) throw Refused(refusal);
        return [.. addresses.Select(a => _results[a])];
    }

    /// <summary>Notes where the addresses are and returns those that are not where they should be.</summary>
    async Task<string[]> VerifyAsync(string[] addresses, int round, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> vlans;
        try
        {
            vlans = await kavlan.GetVlansAsync(addresses, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFailedException)
        {
            vlans = new Dictionary<string, string>(); // no answer is no proof: the round counts as one without progress
        }
        foreach (string address in addresses)
        {
            string? current = vlans.GetValueOrDefault(address);
            _results[address] = new KavlanNodeResult(address, current, string.Equals(current, vlan, StringComparison.OrdinalIgnoreCase), round);
        }
        return [.. addresses.Where(a => !_results[a].IsAttached)];
    }

    CommandFailedException Refused(CommandResult result)
    {
        bool isRight = (result.Error + result.Output).Contains("right", StringComparison.OrdinalIgnoreCase);
        return new CommandFailedException("KavlanRefused", $"KaVLAN at {site} did not set VLAN {vlan}", result, vlan,
            isRight
                ? $"The right on a global VLAN may take minutes to reach {site}; the job must have the type deploy. On its front-end: {result.Request}"
                : $"Try it on the front-end of {site}: {result.Request}",
            isRight ? ErrorKind.PermissionDenied : ErrorKind.ResourceUnavailable);
    }
}
