using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core.NodeSets;

namespace WaltG5k.Tests.NodeSets;

/// <summary>What holds for every set, tried on sets made at random (of few different names, so that they overlap).</summary>
public class NodeSetLawTests
{
    static readonly Gen<string> s_number = Gen.OneOf(
        Gen.Choose(0, 12).Select(n => $"{n}"), Gen.Choose(0, 12).Select(n => $"{n:00}"), Gen.Choose(95, 103).Select(n => $"{n:000}"),
        Gen.Constant("1234567890"));

    static readonly Gen<string> s_name = Gen.OneOf(
        s_number.Select(n => $"gros-{n}"),
        s_number.Select(n => $"gros-{n}.nancy.grid5000.fr"),
        from n in s_number from m in s_number select $"a{n}b{m}",
        from n in s_number from m in s_number from k in Gen.Choose(1, 2) select $"{n}-{m}x{k}",
        Gen.Elements("front", "I", "i", "é1"));

    static readonly Arbitrary<string[]> s_names = Arb.From(s_name.ArrayOf());

    static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20260324, 1);

    static void Check(Func<string[], bool> law) => Prop.ForAll(s_names, law).Check(s_config);

    static void Check(Func<NodeSet, NodeSet, bool> law) =>
        Prop.ForAll(s_names, s_names, (a, b) => law(NodeSet.From(a), NodeSet.From(b))).Check(s_config);

    [Fact]
    public void Expanding_a_folded_set_gives_the_same_names() => Check(names => NodeSet.Expand(NodeSet.Fold(names)).ToHashSet().SetEquals(names));

    [Fact]
    public void Folding_does_not_depend_on_order_or_repetition() =>
        Check(names => NodeSet.Fold(names) == NodeSet.Fold(names.Reverse().Concat(names)));

    [Fact]
    public void A_set_is_sorted_and_distinct() => Check(names =>
        NodeSet.From(names) is var set && set.Count == names.Distinct().Count() && set.SequenceEqual(NodeSet.Parse(set.ToString())));

    [Fact]
    public void Every_name_is_contained() => Check(names => names.All(NodeSet.From(names).Contains));

    [Fact]
    public void Union_and_intersection_commute() => Check((a, b) => a.Union(b).Equals(b.Union(a)) && a.Intersect(b).Equals(b.Intersect(a)));

    [Fact]
    public void A_set_is_its_intersection_and_its_difference() => Check((a, b) => a.Intersect(b).Union(a.Except(b)).Equals(a));

    [Fact]
    public void Absorption() => Check((a, b) => a.Union(a.Intersect(b)).Equals(a) && a.Intersect(a.Union(b)).Equals(a));

    [Fact]
    public void The_symmetric_difference_is_the_union_without_the_intersection() =>
        Check((a, b) => a.SymmetricExcept(b).Equals(a.Union(b).Except(a.Intersect(b))));

    [Fact]
    public void Operations_agree_with_those_on_plain_sets() => Check((a, b) =>
        a.Union(b).ToHashSet().SetEquals(a.AsEnumerable().Union(b))
        && a.Intersect(b).ToHashSet().SetEquals(a.AsEnumerable().Intersect(b))
        && a.Except(b).ToHashSet().SetEquals(a.AsEnumerable().Except(b)));
}
