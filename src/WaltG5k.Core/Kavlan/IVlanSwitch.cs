namespace WaltG5k.Core.Kavlan;

/// <summary>A way to move network addresses between VLANs and to ask where they are: the command kavlan, or the API.</summary>
interface IVlanSwitch
{
    /// <summary>Tries once. Success is no proof.</summary>
    Task<VlanOrder> SetAsync(string vlan, IReadOnlyList<string> addresses, CancellationToken cancellationToken);

    /// <summary>Where each address is; one that nobody says anything about is not in the result. Empty when there was no answer.</summary>
    Task<IReadOnlyDictionary<string, string>> LocateAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken);
}

/// <summary>What one try said.</summary>
/// <param name="Refusal">Of the whole; null: it was accepted.</param>
sealed record VlanOrder(G5kException? Refusal = null)
{
    /// <summary>Addresses that will never be moved, and why.</summary>
    public IReadOnlyDictionary<string, string> Hopeless { get; init; } = new Dictionary<string, string>();
}
