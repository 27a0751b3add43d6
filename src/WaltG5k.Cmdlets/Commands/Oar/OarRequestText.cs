using System.Text.RegularExpressions;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Commands;

/// <summary>What the cmdlets that submit share: requests in OAR's own words, and dates.</summary>
internal static partial class OarRequestText
{
    public static string? GetVlanType(VlanKind vlan) => vlan switch
    {
        VlanKind.Local => "kavlan-local",
        VlanKind.Routed => "kavlan",
        VlanKind.Global => "kavlan-global",
        _ => null,
    };

    /// <summary>Several texts are alternatives. A text may end in a walltime of its own; the others take the one of the parameter.</summary>
    public static (string Resources, Walltime? Walltime, IReadOnlyList<string> Alternatives) Split(IReadOnlyList<string> requests, Walltime walltime)
    {
        Match own = OwnWalltime().Match(requests[0]);
        string first = own.Success ? requests[0][..own.Index] : requests[0];
        return (first.TrimEnd(), own.Success ? Walltime.Parse(own.Groups["walltime"].Value) : walltime,
            [.. requests.Skip(1).Select(r => OwnWalltime().IsMatch(r) ? r : $"{r},walltime={walltime}")]);
    }

    /// <summary>The date of an advance reservation; null: at once.</summary>
    /// <exception cref="Core.G5kException"><c>StartInThePast</c>, <c>WalltimeTooLongForNight</c>.</exception>
    public static DateTimeOffset? ResolveStart(ReservationStart start, Walltime walltime, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (start.Date is { } date) return date > now ? date : throw Failures.StartInThePast(date);
        if (!start.IsNight) return null;
        DateTimeOffset night = UsageCalendar.FindNight(now, walltime.Duration) ?? throw Failures.WalltimeTooLongForNight(walltime);
        return night > now ? night : null;
    }

    [GeneratedRegex(@"\s*,\s*walltime\s*=\s*(?<walltime>[0-9:]+)\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OwnWalltime();
}
