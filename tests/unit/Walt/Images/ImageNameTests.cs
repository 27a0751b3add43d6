using WaltG5k.Core;
using WaltG5k.Core.Walt.Images;

namespace WaltG5k.Tests.Walt.Images;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("debian12", "debian12")]
    [InlineData("pc-x86-64-default", "pc-x86-64-default")]
    [InlineData("mine:v1", "mine:v1")]
    [InlineData("mine:latest", "mine")]
    public void Names_that_walt_allows(string name, string expected) => Assert.Equal(expected, WaltImageName.Require(name));

    [Theory]
    [InlineData("")]
    [InlineData("default")]
    [InlineData("Debian")]
    [InlineData("a_b")]
    [InlineData("a:b:c")]
    [InlineData("a:")]
    [InlineData(":b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("ä")]
    [InlineData("$(reboot)")]
    public void Other_names_are_refused_before_they_are_sent(string name) =>
        Assert.Equal("ImageNameInvalid", Assert.Throws<G5kException>(() => WaltImageName.Require(name)).Code);

    [Theory]
    [InlineData("hub:alice/mpi", "hub", "alice", "mpi", "mpi")]
    [InlineData("hub:alice/mpi:latest", "hub", "alice", "mpi", "mpi")]
    [InlineData("walt:bob/Lab_2:v1", "walt", "bob", "Lab_2:v1", "lab-2:v1")]
    [InlineData("lab-registry:carol/x", "lab-registry", "carol", "x", "x")]
    public void Links_say_where_an_image_is(string text, string location, string user, string name, string clone)
    {
        WaltImageLink link = WaltImageLink.Parse(text);
        Assert.Equal((location, user, name, clone), (link.Location, link.User, link.Name, link.CloneName));
    }

    [Theory]
    [InlineData("alice/mpi")]
    [InlineData("hub:mpi")]
    [InlineData("hub:a/b/c")]
    [InlineData("hub:a/b:c:d")]
    [InlineData(":a/b")]
    [InlineData("hub:/b")]
    [InlineData("hub:a/b ")]
    public void Other_links_are_refused(string text) =>
        Assert.Equal("ImageLinkInvalid", Assert.Throws<G5kException>(() => WaltImageLink.Parse(text)).Code);

    [Theory]
    [InlineData("/etc/motd", "/etc/motd")]
    [InlineData("/etc/", "/etc")]
    [InlineData("notes", "/root/notes")]
    [InlineData("/", "/")]
    public void Paths_in_images_are_absolute(string path, string expected) => Assert.Equal(expected, ImagePath.Require(path));

    [Theory]
    [InlineData("/opt", "/opt")]
    [InlineData("/opt/a b", "'/opt/a b'")]
    [InlineData("/opt/$(reboot)\"", "'/opt/$(reboot)\\\"'")]
    public void Words_stay_words_inside_the_servers_command(string word, string expected) => Assert.Equal(expected, ImagePath.Quote(word));
}
