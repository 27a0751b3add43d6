namespace WaltG5k.Core.Reservations.Planning;

/// <summary>A demand as the sweep counts it, whatever it is for.</summary>
/// <param name="Source">The <see cref="NodeDemand"/>, <see cref="VlanDemand"/> or <see cref="SubnetDemand"/> it was made from.</param>
sealed record CountedDemand(string Label, int Least, int Most, object Source);

/// <summary>An aligned block of /22 subnets, free when each of them is.</summary>
sealed class SubnetBlock(string site, int prefixLength, uint address, IReadOnlyList<SubnetElement> members)
    : PlanElement(site, members[0].Name.Split('/')[0] + "/" + Text(prefixLength))
{
    public int PrefixLength { get; } = prefixLength;
    public uint Address { get; } = address;
    public IReadOnlyList<SubnetElement> Members { get; } = members;

    static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>An element of a kind can serve from any start in the range.</summary>
readonly record struct Opening(int Kind, int Element, StartRange Starts);

/// <summary>
/// A query and the schedules, made ready for the sweep: what each element can serve and from when. Elements that can serve the same demands are of
/// one kind, and only their number matters.
/// </summary>
sealed class PlanningProblem
{
    /// <summary>Demands are bits of a word.</summary>
    public const int MaximumDemands = 64;

    public required IReadOnlyList<CountedDemand> Demands { get; init; }
    /// <summary>Per kind, the demands that its elements can serve.</summary>
    public required ulong[] Masks { get; init; }
    public required IReadOnlyList<PlanElement> Elements { get; init; }
    public required IReadOnlyList<Opening> Openings { get; init; }
    /// <summary>Per kind, how many elements there are, free or not.</summary>
    public required int[] Totals { get; init; }
    public required StartRange Window { get; init; }
    /// <summary>What an element must stay free for: the walltime and the guard time, in seconds.</summary>
    public required long Length { get; init; }
    /// <summary>The starts that the usage policy allows, or that were asked for.</summary>
    public required IReadOnlyList<StartRange> Hours { get; init; }

    /// <summary>The elements that can serve from <paramref name="start"/> on, each with its kind.</summary>
    public IEnumerable<(int Kind, PlanElement Element)> At(long start)
    {
        foreach (Opening opening in Openings)
            if (opening.Starts.First <= start && start <= opening.Starts.Last) yield return (opening.Kind, Elements[opening.Element]);
    }

    public int[] CountAt(long start)
    {
        int[] counts = new int[Masks.Length];
        foreach (Opening opening in Openings)
            if (opening.Starts.First <= start && start <= opening.Starts.Last) counts[opening.Kind]++;
        return counts;
    }
}
