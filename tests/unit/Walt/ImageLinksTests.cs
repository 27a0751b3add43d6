using WaltG5k.Core.Walt;

namespace WaltG5k.Tests.Walt;

public class ImageLinksTests
{
    [Fact]
    public void The_command_reads_every_link_and_succeeds()
        => Assert.Equal("echo dahu-1; readlink /var/lib/walt/nodes/dahu-1/fs; echo 'a b'; readlink '/var/lib/walt/nodes/a b/fs'; true",
            ImageLinks.GetCommand(["dahu-1", "a b"]));

    [Fact]
    public void Nodes_without_link_are_left_out()
    {
        IReadOnlyDictionary<string, string> links = ImageLinks.Parse("dahu-1\n../../images/11/fs\ndahu-2\ndahu-3\n../../images/33/fs\n");
        Assert.Equal(["dahu-1", "dahu-3"], links.Keys.Order());
        Assert.Equal("../../images/33/fs", links["dahu-3"]);
    }
}
