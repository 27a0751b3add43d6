namespace WaltG5k.Core.Reservations.Planning;

/// <summary>
/// What a job would take of the user's share of the day hours: two hours of a whole cluster per day, in core·seconds. Information only: the site's
/// own checker decides.
/// </summary>
public sealed record UsageQuota(string Cluster, string Site)
{
    /// <summary>Core·seconds of this job in day hours.</summary>
    public long Wanted { get; init; }
    /// <summary>Core·seconds that the user's other jobs take of that day; null when the checker was not asked.</summary>
    public long? Used { get; init; }
    /// <summary>Core·seconds that a user may take of the cluster in a day.</summary>
    public long Limit { get; init; }
    /// <summary>Whether the limit comes from <c>usagepolicycheck</c>; else it is an estimate from the reference data.</summary>
    public bool IsChecked { get; init; }
    public bool IsExceeded => Wanted + (Used ?? 0) > Limit;
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{Cluster}: {(Wanted + (Used ?? 0)) / 3600.0:0.#} of {Limit / 3600.0:0.#} core hours{(IsChecked ? "" : " (estimate)")}");
}
