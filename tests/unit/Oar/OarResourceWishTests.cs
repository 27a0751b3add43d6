using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public class OarResourceWishTests
{
    public static TheoryData<OarResourceWish, string> Wishes => new()
    {
        { new() { NodeCount = 3 }, "/nodes=3" },
        { new(), "/nodes=1" },
        { new() { CoreCount = 8 }, "/core=8" },
        { new() { NodeCount = 2, CoreCount = 4 }, "/nodes=2/core=4" },
        { new() { NodeCount = 2, Clusters = ["gros", "grisou"] }, "{cluster in ('gros','grisou')}/nodes=2" },
        { new() { Filter = "memnode > 1000" }, "{memnode > 1000}/nodes=1" },
        { new() { Filter = "a=1 or b=2", Clusters = ["gros"] }, "{cluster in ('gros') and (a=1 or b=2)}/nodes=1" },
        { new() { VlanType = "kavlan-local" }, "{type='kavlan-local'}/vlan=1" },
        { new() { NodeCount = 1, VlanType = "kavlan" }, "/nodes=1+{type='kavlan'}/vlan=1" },
        { new() { Subnets = ["/22", "/19=4", " 16 "] }, "/slash_22=1+/slash_19=4+/slash_16=1" },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public void A_wish_becomes_a_request(OarResourceWish wish, string expected) => Assert.Equal(expected, wish.ToResources());

    public static TheoryData<OarResourceWish, string> Mistakes => new()
    {
        { new() { NodeCount = 0 }, "InvalidNodeCount" },
        { new() { CoreCount = -1 }, "InvalidNodeCount" },
        { new() { Subnets = ["/23"] }, "InvalidSubnet" },
        { new() { Subnets = ["/22=0"] }, "InvalidSubnet" },
        { new() { Subnets = ["22=1+nodes=100"] }, "InvalidSubnet" },
        { new() { Clusters = ["gros') or ('1'='1"] }, "InvalidClusterName" },
        { new() { Clusters = [""] }, "InvalidClusterName" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_advice(OarResourceWish wish, string code)
    {
        G5kException failure = Assert.Throws<G5kException>(wish.ToResources);
        Assert.Equal((code, ErrorKind.InvalidArgument), (failure.Code, failure.Kind));
        Assert.NotEmpty(failure.Recommendation!);
    }

    [Theory]
    [InlineData("SIGUSR1", 10)]
    [InlineData("usr2", 12)]
    [InlineData("15", 15)]
    public void A_signal_has_several_spellings(string text, int number)
    {
        Assert.Equal(number, OarSignals.GetNumber(text));
        Assert.Equal(number, OarSignals.GetNumber(OarSignals.GetName(text)));
    }

    [Theory]
    [InlineData("SIGNOTHING")]
    [InlineData("0")]
    [InlineData("")]
    public void An_unknown_signal_is_refused(string text) =>
        Assert.Equal("InvalidSignal", Assert.Throws<G5kException>(() => OarSignals.GetName(text)).Code);
}
