using WaltG5k.Core;
using WaltG5k.Testbed.Faults;

namespace WaltG5k.Tests.Testbed;

public class FaultTests
{
    [Theory]
    [InlineData("walt-setup-fails", null, null, null)]
    [InlineData("oar-refuses:nancy", "nancy", null, null)]
    [InlineData("kavlan-not-set:gros-1.nancy.grid5000.fr*2", "gros-1.nancy.grid5000.fr", 2, null)]
    [InlineData("kavlan-no-rights:nancy=30*2", "nancy", 2, "30")]
    [InlineData("kavlan-no-rights:nancy*2=30", "nancy", 2, "30")]
    [InlineData("command-fails:oarstat=cannot connect: a=b", "oarstat", null, "cannot connect: a=b")]
    [InlineData("clock-jumps=-3600", null, null, "-3600")]
    public void Reads_a_fault(string text, string? target, int? count, string? value)
    {
        FaultSpecification fault = FaultSpecification.Parse(text);
        Assert.Equal(new FaultSpecification(text.Split(':', '*', '=')[0], target, count, value), fault);
        Assert.Equal(fault, FaultSpecification.Parse(fault.ToString()));
    }

    [Theory]
    [InlineData("no-such-fault", "no fault 'no-such-fault'")]
    [InlineData("", "no fault ''")]
    [InlineData("oar-refuses:", "nothing follows ':'")]
    [InlineData("oar-refuses*0", "'0' is no count")]
    [InlineData("oar-refuses*many", "'many' is no count")]
    [InlineData("oar-refuses*1*2", "'*' stands twice")]
    [InlineData("frontend-slow:nancy", "needs a number")]
    [InlineData("clock-jumps=soon", "needs a number")]
    public void Refuses_what_is_no_fault_and_names_those_there_are(string text, string why)
    {
        G5kException error = Assert.Throws<G5kException>(() => FaultSpecification.Parse(text));
        Assert.Equal(("InvalidFault", ErrorKind.InvalidArgument), (error.Code, error.Kind));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains("kavlan-not-set", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_listed() =>
        Assert.Equal(typeof(FaultNames).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!).Order(),
        FaultNames.All.Order());

    [Fact]
    public void A_counted_fault_is_spent_and_strikes_its_targets_only()
    {
        var box = new FaultBox([FaultSpecification.Parse("kavlan-not-set:nancy*2"), FaultSpecification.Parse("walt-setup-fails")], 1);
        Assert.False(box.Strikes(FaultNames.KavlanNotSet, "nova-1", "lyon"));
        Assert.True(box.Strikes(FaultNames.KavlanNotSet, "gros-1", "nancy"));
        Assert.True(box.Strikes(FaultNames.KavlanNotSet, "gros-1", "nancy"));
        Assert.False(box.Strikes(FaultNames.KavlanNotSet, "gros-1", "nancy"));
        for (int i = 0; i < 5; i++) Assert.True(box.Strikes(FaultNames.WaltSetupFails));
    }

    [Fact]
    public void The_same_seed_gives_the_same_jitter()
    {
        static double[] Draw(int seed)
        {
            var box = new FaultBox([], seed);
            return [.. Enumerable.Range(0, 20).Select(_ => box.Jitter(0.1))];
        }
        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
        Assert.All(Draw(5), factor => Assert.InRange(factor, 0.9, 1.1));
    }
}
