using WaltG5k.Core.NodeSets;

namespace WaltG5k.Tests.NodeSets;

public class NodeSetTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("gros-1", "gros-1")]
    [InlineData("gros-[1-4,7].nancy.grid5000.fr",
        "gros-1.nancy.grid5000.fr gros-2.nancy.grid5000.fr gros-3.nancy.grid5000.fr gros-4.nancy.grid5000.fr gros-7.nancy.grid5000.fr")]
    [InlineData("node-[08-10]", "node-08 node-09 node-10")]
    [InlineData("node-[98-101]", "node-98 node-99 node-100 node-101")]
    [InlineData("node-[098-101]", "node-098 node-099 node-100 node-101")]
    [InlineData("a[1-2]b[3-4]", "a1b3 a1b4 a2b3 a2b4")]
    [InlineData("gros-2,gros-1", "gros-1 gros-2")]
    [InlineData("gros-[1-2], dahu-1", "dahu-1 gros-1 gros-2")]
    [InlineData("gros-1 gros-2\ngros-3", "gros-1 gros-2 gros-3")]
    [InlineData("n[5,1-2,2]", "n1 n2 n5")]
    [InlineData("[1-2]", "1 2")]
    [InlineData("n[0-1]", "n0 n1")]
    [InlineData("gros-[1].nancy", "gros-1.nancy")]
    public void Expands(string text, string names) => Assert.Equal(names, string.Join(' ', NodeSet.Expand(text)));

    [Theory]
    [InlineData("", "")]
    [InlineData("gros-7", "gros-7")]
    [InlineData("gros-1 gros-2", "gros-[1-2]")]
    [InlineData("gros-7.nancy.grid5000.fr gros-1.nancy.grid5000.fr gros-2.nancy.grid5000.fr", "gros-[1-2,7].nancy.grid5000.fr")]
    [InlineData("node-10 node-08 node-09", "node-[08-10]")]
    [InlineData("node-8 node-08 node-9 node-09 node-10", "node-[08-10,8-9]")]
    [InlineData("a1b3 a1b4 a2b3 a2b4", "a[1-2]b[3-4]")]
    [InlineData("a1b3 a1b4 a2b3", "a1b[3-4],a2b3")]
    [InlineData("gros-1.nancy gros-1.lille", "gros-1.lille,gros-1.nancy")]
    [InlineData("gros-1 gros-1", "gros-1")]
    [InlineData("x12345678901 x12345678902", "x12345678901,x12345678902")]
    [InlineData("front", "front")]
    public void Folds(string names, string text) =>
        Assert.Equal(text, NodeSet.Fold(names.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("gros-[3-1]", 7)]
    [InlineData("gros-[1-]", 9)]
    [InlineData("gros-[1-2", 6)]
    [InlineData("gros-[", 6)]
    [InlineData("gros-[]", 7)]
    [InlineData("gros-[1,]", 9)]
    [InlineData("gros-[a]", 7)]
    [InlineData("gros-[1;2]", 8)]
    [InlineData("gros-[-1]", 7)]
    [InlineData("gros-1]", 7)]
    [InlineData("gros-[[1]]", 7)]
    [InlineData("a,", 3)]
    [InlineData(",a", 1)]
    [InlineData("a,,b", 3)]
    [InlineData("n[1-9999999999]", 5)]
    [InlineData("n[0-100000]", 3)]
    [InlineData("n[1-400]m[1-400]", 1)]
    [InlineData("n[1-99999],m[1-2]", 12)]
    [InlineData("n[08-010]", 3)]
    [InlineData("n[8-010]", 3)]
    public void Says_what_is_wrong_and_where(string text, int position)
    {
        FormatException e = Assert.Throws<FormatException>(() => NodeSet.Parse(text));
        Assert.Contains($"(position {position})", e.Message, StringComparison.Ordinal);
        Assert.False(NodeSet.TryParse(text, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("a b")]
    [InlineData("a[1]")]
    [InlineData("a\u0000")]
    public void A_name_is_no_text_of_a_set(string name) => Assert.Throws<FormatException>(() => NodeSet.From([name]));

    [Fact]
    public void The_largest_set_is_read() => Assert.Equal(NodeSet.MaximumSize, NodeSet.Parse("n[1-100000]").Count);

    [Fact]
    public void Algebra()
    {
        NodeSet a = NodeSet.Parse("n[1-5]"), b = NodeSet.Parse("n[4-8]");
        Assert.Equal("n[1-8]", a.Union(b).ToString());
        Assert.Equal("n[4-5]", a.Intersect(b).ToString());
        Assert.Equal("n[1-3]", a.Except(b).ToString());
        Assert.Equal("n[1-3,6-8]", a.SymmetricExcept(b).ToString());
        Assert.True(a.Contains("n3"));
        Assert.False(a.Contains("n03"));
        Assert.False(a.Contains("N3"));
        Assert.True(NodeSet.Parse("n[2-3]").IsSubsetOf(a));
        Assert.False(b.IsSubsetOf(a));
        Assert.Equal(NodeSet.Parse("n3,n[1-2]"), NodeSet.Parse("n[1-3]"));
        Assert.Equal(NodeSet.Parse("n3,n[1-2]").GetHashCode(), NodeSet.Parse("n[1-3]").GetHashCode());
        Assert.NotEqual(a, b);
    }

    [Fact]
    public void No_text_is_no_set() => Assert.False(NodeSet.TryParse(null, out _));

    [Theory]
    [MemberData(nameof(Cultures.Hostile), MemberType = typeof(Cultures))]
    public void Sets_do_not_depend_on_the_culture(string culture) =>
        Assert.Equal("I-1,i-[1-2],node-[08-10]", Cultures.Run(culture, () => NodeSet.Fold(["node-08", "i-2", "node-10", "I-1", "node-09", "i-1"])));
}
