using System.Management.Automation;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Tests.Cmdlets;

public class NodeParameterTests
{
    static G5kNodeRef[] Convert(object value) => (G5kNodeRef[])new G5kNodeConversionAttribute().Transform(null!, value)!;

    static string[] Names(object value) => [.. Convert(value).Select(n => n.Name)];

    [Fact]
    public void Names_and_node_sets_are_expanded()
    {
        Assert.Equal(["gros-1.nancy", "gros-2.nancy", "gros-7.nancy"], Names("gros-[1-2,7].nancy"));
        Assert.Equal(["gros-1", "dahu-3.grenoble.grid5000.fr"], Names(new object[] { "GROS-1", "dahu-3.grenoble.grid5000.fr" }));
    }

    [Fact]
    public void Jobs_and_reservations_stand_for_their_nodes()
    {
        Assert.Equal(new OarJobRef("nancy", 12), Assert.Single(Convert("nancy:12")).Job);
        Assert.Equal(["nancy:12", "rennes:13"], Names("nancy:12, rennes:13"));
        Assert.Equal(["nancy:12"], Names(new OarJob { Site = "nancy", Id = 12, State = OarJobState.Running }));
        Assert.Equal(["nancy:12", "rennes:13"],
            Names(new Reservation("x") { Jobs = [new ReservationJob("nancy", 12), new ReservationJob("rennes", 13)] }));
    }

    [Fact]
    public void Objects_of_other_commands_are_taken_by_their_node()
    {
        Assert.Equal(["gros-1.nancy.grid5000.fr"], Names(new NodeInfo("nancy", "gros", "gros-1.nancy.grid5000.fr")));
        var other = new PSObject();
        other.Properties.Add(new PSNoteProperty("Host", "gros-3.nancy"));
        Assert.Equal(["gros-3.nancy"], Names(other));
    }

    [Theory]
    [InlineData("gros-*.nancy", "Get-G5kNode")]
    [InlineData("gros-[3-1]", "gros-[3-1]")]
    [InlineData("nancy:x", "not a job")]
    public void What_is_no_node_is_refused_with_a_reason(string text, string words) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentTransformationMetadataException>(() => Convert(text)).Message, StringComparison.Ordinal);
}
