using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy.Deploying;

public class RefusalTests
{
    [Theory]
    [InlineData(6, "You do not have sufficient rights to perform the operation on all the nodes", "NodeRightsMissing", ErrorKind.PermissionDenied)]
    [InlineData(14, "No element has been modified -- All the nodes have been discarded ...", "NodesInUse", ErrorKind.ResourceBusy)]
    [InlineData(9, "Invalid VLAN -- Cannot resolv gros-1-kavlan-42.nancy.grid5000.fr", "VlanInvalid", ErrorKind.InvalidArgument)]
    [InlineData(4, "Invalid option in the request -- Parameter 'breakpoint': Invalid macrostep name 'X'", "BreakpointUnknown",
        ErrorKind.InvalidArgument)]
    [InlineData(7, "Invalid environment -- The environment x, of jdoe does not exist", "EnvironmentNotFound", ErrorKind.ObjectNotFound)]
    [InlineData(7, "Invalid environment -- The field 'boot' is missing", "DescriptionInvalid", ErrorKind.InvalidData)]
    [InlineData(5, "Invalid file -- The file /home/jdoe/x.yaml cannot be read", "DescriptionInvalid", ErrorKind.InvalidData)]
    [InlineData(5, "Invalid file -- key file: http://host/keys: Connection refused", "KeyNotFound", ErrorKind.ObjectNotFound)]
    [InlineData(21, "Cache error -- Checksum mismatch for the file server:///x.tgz", "ImageChanged", ErrorKind.InvalidData)]
    [InlineData(8, "Invalid custom operation -- no such microstep", "CustomStepInvalid", ErrorKind.InvalidData)]
    [InlineData(30, "The deployment environment is destructive", "EnvironmentDestructive", ErrorKind.InvalidOperation)]
    [InlineData(20, "Database error", "KadeployUnavailable", ErrorKind.ResourceUnavailable)]
    public void Numbers_and_words_tell_what_is_wrong(int number, string text, string code, ErrorKind kind)
    {
        KadeployRefusedException refusal = ScriptedChannel.Refuse("nancy", number, text);
        Assert.Equal((code, kind), (refusal.Code, refusal.Kind));
        Assert.Contains(text, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("[Kadeploy Error", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Recommendation!);
        Assert.IsType<Core.Frontends.CommandFailedException>(refusal.InnerException);
    }

    [Theory]
    [InlineData("Cannot launch deployment: Invalid environment specification -- the environment X, of Y does not exist", "EnvironmentNotFound")]
    [InlineData("Cannot launch deployment: Invalid VLAN -- Cannot resolv gros-1-kavlan-42.nancy.grid5000.fr", "VlanInvalid")]
    [InlineData("Cannot launch deployment: Kadeploy error #6: You do not have sufficient rights", "NodeRightsMissing")]
    public void The_words_of_the_API_mean_the_same(string text, string code) =>
        Assert.Equal(code, KadeployRefusedException.From("nancy", text, "x").Code);

    [Fact]
    public void Nodes_that_are_named_are_told()
    {
        KadeployRefusedException refusal = ScriptedChannel.Refuse("nancy", 1,
            "The nodes gros-1.nancy.grid5000.fr, gros-9.nancy.grid5000.fr does not belongs to any server");
        Assert.Equal(KadeployRefusal.UnknownNodes, refusal.Refusal);
        Assert.Equal(["gros-1.nancy.grid5000.fr", "gros-9.nancy.grid5000.fr"], refusal.Nodes);
    }
}
