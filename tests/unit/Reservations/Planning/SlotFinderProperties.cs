using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core.Reservations.Planning;

namespace WaltG5k.Tests.Reservations.Planning;

/// <summary>The planner against the definition, on small random worlds.</summary>
public class SlotFinderProperties
{
    static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20260324, 1);

    static void ForAllCases(Func<PlanningCase, bool> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).Select(seed => new PlanningCase(seed)).ToArbitrary(), holds).Check(s_config);

    static DateTimeOffset[] Starts(PlanningCase world) =>
        [.. Enumerable.Range(0, 2 * (int)(world.Query.Latest - world.Query.Earliest).TotalMinutes + 1)
        .Select(m => world.Query.Earliest.AddMinutes(m / 2.0))];

    static SlotSearch Find(PlanningCase world, SlotCriterion criterion) =>
        SlotFinder.Find(world.Query with { Criterion = criterion }, world.Schedules, world.Query.Earliest);

    [Fact]
    public void Free_finds_the_beginnings_and_ends_of_all_windows() => ForAllCases(world =>
    {
        var oracle = new Oracle(world);
        DateTimeOffset[] starts = Starts(world);
        bool[] isMet = [.. starts.Select(m => oracle.CountAt(m) is not null)];
        DateTimeOffset[] expected = [.. starts.Where((_, i) => isMet[i] && (i == 0 || !isMet[i - 1])).Take(world.Query.MaximumSlots)];
        SlotSearch found = Find(world, SlotCriterion.Free);
        return expected.SequenceEqual(found.Slots.Select(s => s.Start))
            && (expected.Length > 0) == (found.Refusal is null)
            && found.Slots.All(s => LastMet(starts, isMet, s.Start) == s.LastStart);
    });

    static DateTimeOffset LastMet(DateTimeOffset[] starts, bool[] isMet, DateTimeOffset start)
    {
        int i = Array.IndexOf(starts, start);
        while (i + 1 < starts.Length && isMet[i + 1]) i++;
        return starts[i];
    }

    [Fact]
    public void First_finds_the_earliest_and_then_each_that_has_more() => ForAllCases(world =>
        Growing(world).Take(world.Query.MaximumSlots).SequenceEqual(Find(world, SlotCriterion.First).Slots.Select(s => (s.Start, CountOf(s)))));

    [Fact]
    public void Max_finds_the_largest_and_then_earlier_ones_with_fewer() => ForAllCases(world =>
        Growing(world).Reverse().Take(world.Query.MaximumSlots)
        .SequenceEqual(Find(world, SlotCriterion.Max).Slots.Select(s => (s.Start, CountOf(s)))));

    static int CountOf(Slot slot) => slot.NodeCount + slot.Shares.Count(s => s.ServerNode is not null);

    /// <summary>The starts that have more nodes than every earlier one.</summary>
    static IEnumerable<(DateTimeOffset Start, int Nodes)> Growing(PlanningCase world)
    {
        var oracle = new Oracle(world);
        int best = 0;
        foreach (DateTimeOffset start in Starts(world))
        {
            if (oracle.CountAt(start) is not { } count || count <= best) continue;
            best = count;
            yield return (start, count);
        }
    }

    [Fact]
    public void The_chosen_elements_are_free_differ_and_serve_their_demands() =>
        ForAllCases(world => Find(world, world.Query.Criterion).Slots.All(slot =>
    {
        string[] nodes = [.. slot.Shares.SelectMany(s => s.Nodes)];
        Dictionary<string, NodeElement> known = world.Schedules.SelectMany(s => s.Nodes).ToDictionary(n => n.Name);
        return nodes.Distinct().Count() == nodes.Length
            && nodes.All(n => known[n].IsUsable && world.IsFree(known[n], slot.Start) && world.Query.Nodes.Any(d => d.Filter.Fits(known[n])))
            && slot.Shares.All(s => s.Vlans.All(v =>
                world.IsFree(world.Schedules.Single(x => x.Site == s.Site).Vlans.Single(e => e.Id == v), slot.Start)))
            && slot.Shares.Sum(s => s.Vlans.Count) == world.Query.Vlans.Sum(v => v.Count)
            && slot.Shares.Sum(s => s.Subnets.Count) == world.Query.Subnets.Sum(s => s.Count);
    }));

    [Fact]
    public void What_is_said_to_be_short_is_short_just_before_the_start() => ForAllCases(world => Find(world, SlotCriterion.Free).Slots.All(slot =>
        slot.Start == world.Query.Earliest
            ? slot.Shortages.Count == 0
            : slot.Shortages.Count > 0 && slot.WhyNotEarlier.Length > 0
            && slot.Shortages.All(s => s.MetAt is null || s.MetAt > slot.Start.AddMinutes(-1))));

    [Fact]
    public void The_longest_walltime_fits_and_a_second_more_does_not() => ForAllCases(world =>
    {
        if (SlotFinder.FindLongestWalltime(world.Query, world.Schedules) is not { } longest) return true;
        bool Fits(TimeSpan length) => SlotFinder.Find(
            world.Query with { Walltime = new(length), Latest = world.Query.Earliest, Criterion = SlotCriterion.Free }, world.Schedules,
            world.Query.Earliest).Slots.Count == 1;
        return Fits(longest.Duration) && (longest.Duration >= TimeSpan.FromDays(60) || !Fits(longest.Duration + TimeSpan.FromSeconds(1)));
    });
}
