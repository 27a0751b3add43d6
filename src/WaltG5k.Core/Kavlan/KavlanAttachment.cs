namespace WaltG5k.Core.Kavlan;

/// <summary>Set, verify, repeat: KaVLAN says "configured" also for ports that stay where they were.</summary>
sealed class KavlanAttachment(IVlanSwitch vlans, TimeProvider time, string vlan)
{
    readonly Dictionary<string, KavlanNodeResult> _results = new(StringComparer.OrdinalIgnoreCase);

    public async Task<IReadOnlyList<KavlanNodeResult>> RunAsync(IReadOnlyList<string> addresses, int attempts, TimeSpan pause,
        CancellationToken cancellationToken)
    {
        string[] left = [.. addresses.Distinct(StringComparer.OrdinalIgnoreCase)];
        G5kException? refusal = null;
        int withoutProgress = 0;
        for (int round = 1; left.Length > 0; round++)
        {
            VlanOrder order = await vlans.SetAsync(vlan, left, cancellationToken).ConfigureAwait(false);
            refusal = order.Refusal;
            string[] missing = await VerifyAsync(left, order, round, cancellationToken).ConfigureAwait(false);
            withoutProgress = missing.Length < left.Length ? 0 : withoutProgress + 1;
            left = missing;
            if (withoutProgress == attempts) break;
            if (left.Length > 0) await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
        if (refusal is not null && !_results.Values.Any(r => r.IsAttached)) throw refusal;
        return [.. addresses.Select(a => _results[a])];
    }

    /// <summary>Notes where the addresses are and returns those that are not where they should be, and may still get there.</summary>
    async Task<string[]> VerifyAsync(string[] addresses, VlanOrder order, int round, CancellationToken cancellationToken)
    {
        // No answer counts as a round without progress.
        IReadOnlyDictionary<string, string> places = await vlans.LocateAsync(addresses, cancellationToken).ConfigureAwait(false);
        foreach (string address in addresses)
        {
            string? current = places.GetValueOrDefault(address);
            bool isThere = string.Equals(current, vlan, StringComparison.OrdinalIgnoreCase);
            _results[address] = new KavlanNodeResult(address, current, isThere,
                round) { Reason = isThere ? null : order.Hopeless.GetValueOrDefault(address) ?? Explain(order, current) };
        }
        return [.. addresses.Where(a => !_results[a].IsAttached && !order.Hopeless.ContainsKey(a))];
    }

    static string Explain(VlanOrder order, string? current) =>
        order.Refusal is not null ? "KaVLAN refused to set it" : current is null
        ? "KaVLAN says nothing about it"
        : "KaVLAN said done, and the port has not moved";
}
