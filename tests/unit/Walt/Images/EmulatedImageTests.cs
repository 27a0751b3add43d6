using System.Security;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Core.Walt.Registries;
using WaltG5k.Testbed.Walt;
using WaltG5k.Tests.Testbed;

namespace WaltG5k.Tests.Walt.Images;

/// <summary>The client's work on sets of images and with registries, against the emulated server.</summary>
public sealed class EmulatedImageTests
{
    internal static WaltRegistryAccount Account()
    {
        SecureString password = new();
        foreach (char c in "it's a sécret") password.AppendChar(c);
        return new WaltRegistryAccount("jdoe-hub", password);
    }

    internal static async Task<string> CodeOfAsync(Func<Task> act) => (await Assert.ThrowsAsync<G5kException>(act)).Code;

    [Fact]
    public async Task Images_are_duplicated_renamed_and_removed_by_name_or_full_name()
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        WaltImageInfo copy = await server.DuplicateImageAsync("walt-g5k/debian12:latest", "mine:v1", small.Limit);
        Assert.Equal(("mine:v1", "walt-g5k", "walt:walt-g5k/mine:v1"), (copy.Name, copy.User, copy.Link));
        Assert.Equal((await server.GetOwnImageAsync("debian12", small.Limit)).Id, copy.Id);
        Assert.Equal("yours", (await server.RenameImageAsync("mine:v1", "yours", small.Limit)).Name);
        Assert.Null(await server.FindOwnImageAsync("mine:v1", small.Limit));
        await server.RemoveImageAsync("yours", small.Limit);
        Assert.Equal("ImageNotFound", await CodeOfAsync(() => server.GetOwnImageAsync("yours", small.Limit)));
    }

    [Theory]
    [InlineData("nothing", "new", "ImageNotFound")]
    [InlineData("debian12", "alpine", "ImageExists")]
    [InlineData("debian12", "Bad", "ImageNameInvalid")]
    [InlineData("debian12", "default", "ImageNameInvalid")]
    [InlineData("waltplatform/pc-x86-64-default", "new", "ImageNotOwned")]
    public async Task A_duplicate_that_cannot_be_is_refused(string image, string name, string code)
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        Assert.Equal(code, await CodeOfAsync(() => server.DuplicateImageAsync(image, name, small.Limit)));
    }

    [Fact]
    public async Task An_image_in_use_is_told_with_its_nodes()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1", "gros-2");
        await using WaltServer server = small.Client(host);
        await server.SetImageAsync(["gros-1", "gros-2"], "debian12", small.Limit);
        Assert.Equal(["gros-1", "gros-2"], (await server.GetOwnImageAsync("debian12", small.Limit)).Nodes);
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() => server.RemoveImageAsync("debian12", small.Limit));
        Assert.Equal("ImageInUse", failure.Code);
        Assert.Contains("gros-1, gros-2", failure.Message, StringComparison.Ordinal);
        Assert.Equal("ImageInUse", await CodeOfAsync(() => server.RenameImageAsync("debian12", "other", small.Limit)));
    }

    [Fact]
    public async Task A_search_needs_an_account_and_finds_every_place()
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        Assert.Equal("RegistryLoginNeeded", await CodeOfAsync(() => server.SearchImagesAsync(null, null, small.Limit)));
        IReadOnlyList<WaltFoundImage> all = await server.SearchImagesAsync(null, Account(), small.Limit);
        Assert.Contains(all, i => i.ToString() == "walt:waltplatform/pc-x86-64-default" && i.Location == "walt (other user)");
        Assert.Contains(all, i => i.ToString() == "docker:carol/bench" && i.Location == "docker daemon");
        WaltFoundImage future = Assert.Single(all, i => i.Name == "future");
        Assert.Equal((null, "Need server upgrade, version>=99"), (future.Link, future.Note));
        Assert.DoesNotContain(all, i => i.Name == "no-models");
        WaltFoundImage[] found = [.. await server.SearchImagesAsync("debian-mpi", Account(), small.Limit)];
        Assert.Equal(["hub:alice/debian-mpi", "hub:alice/debian-mpi:v2"], found.Select(i => i.ToString()));
        Assert.All(found, i => Assert.Equal(("alice", "pc-x86-64", "docker hub"), (i.User, i.Compatibility, i.Location)));
        Assert.Empty(await server.SearchImagesAsync("nothing-like-it", Account(), small.Limit));
    }

    [Theory]
    [InlineData("hub:alice/debian-mpi", null, "debian-mpi")]
    [InlineData("hub:alice/debian-mpi:v2", null, "debian-mpi:v2")]
    [InlineData("hub:bob/Router_Lab", null, "router-lab")]
    [InlineData("docker:carol/bench", "mine", "mine")]
    [InlineData("walt:waltplatform/pc-x86-64-default", "again", "again")]
    public async Task Images_are_cloned_from_everywhere(string link, string? name, string expected)
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        WaltImageInfo image = await server.CloneImageAsync(WaltImageLink.Parse(link), name, force: false, Account(), small.Limit);
        Assert.Equal((expected, "walt-g5k"), (image.Name, image.User));
    }

    [Theory]
    [InlineData("hub:alice/nothing", null, false, "", "RemoteImageNotFound")]
    [InlineData("hub:bob/no-models", null, false, "", "ImageIncompatible")]
    [InlineData("ftp:bob/image", null, false, "", "ImageLinkInvalid")]
    [InlineData("walt:walt-g5k/debian12", null, false, "", "ImageLinkInvalid")]
    [InlineData("docker:carol/bench", "debian12", false, "", "ImageExists")]
    [InlineData("docker:carol/bench", "default", false, "", "ImageNameInvalid")]
    [InlineData("docker:carol/bench", null, false, "walt-clone-fails", "WaltRequestRefused")]
    [InlineData("docker:carol/bench", null, false, "walt-disk-full", "WaltServerDiskFull")]
    [InlineData("hub:waltplatform/pc-x86-32-default", "debian12", true, "", "ImageInUse")]
    public async Task A_clone_that_cannot_be_says_why(string link, string? name, bool force, string fault, string code)
    {
        await using SmallWorld small = new(fault.Length > 0 ? [fault] : []);
        await using WaltServer server = small.Client(small.AddWaltServer(4, "gros-1"));
        await server.SetImageAsync(["gros-1"], "debian12", small.Limit);
        Assert.Equal(code, await CodeOfAsync(() => server.CloneImageAsync(WaltImageLink.Parse(link), name, force, Account(), small.Limit)));
    }

    [Fact]
    public async Task A_clone_of_the_hub_without_an_account_ends_at_once_where_the_server_would_stay_silent()
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        Assert.Equal("RegistryLoginNeeded", await CodeOfAsync(() =>
            server.CloneImageAsync(WaltImageLink.Parse("hub:alice/debian-mpi"), null, false, null, small.Limit)));
        Assert.InRange(small.Now, 0, 5);
    }

    [Fact]
    public async Task A_clone_that_replaces_an_image_reboots_its_nodes()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        await using WaltServer server = small.Client(host);
        await server.SetImageAsync(["gros-1"], "debian12", small.Limit);
        WaltImageInfo image = await server.CloneImageAsync(WaltImageLink.Parse("docker:carol/bench"), "debian12", force: true, null, small.Limit);
        Assert.Equal(["gros-1"], image.Nodes);
        Assert.Contains(host.Logs, l => l.Line.Contains("gros-1 is down (cause: image change", StringComparison.Ordinal));
        await small.UntilAsync(() => host.Devices.ByName("gros-1")!.RoutedImageId == image.Id);
    }

    [Fact]
    public async Task Images_are_published_for_the_accounts_user()
    {
        await using SmallWorld small = new();
        await using WaltServer server = small.Client(small.AddWaltServer(4));
        Assert.Equal([new WaltRegistry("hub", "Public registry at hub.docker.com")], await server.GetRegistriesAsync(small.Limit));
        Assert.Equal(new WaltImagePublication("debian12", "hub", "hub:jdoe-hub/debian12"),
            await server.PublishImageAsync("debian12", null, Account(), small.Limit));
        Assert.Equal("RegistryNotFound", await CodeOfAsync(() => server.PublishImageAsync("debian12", "lab", Account(), small.Limit)));
        Assert.Equal("RegistryLoginNeeded", await CodeOfAsync(() => server.PublishImageAsync("debian12", "hub", null, small.Limit)));
        Assert.Equal("ImageNotFound", await CodeOfAsync(() => server.PublishImageAsync("nothing", "hub", Account(), small.Limit)));
        await server.UpdateDefaultImagesAsync(Account(), small.Limit);
    }

    [Fact]
    public async Task A_squash_asks_before_it_reboots_nodes()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        small.PutUp(host, "gros-1");
        await using WaltServer server = small.Client(host);
        await server.SetImageAsync(["gros-1"], "debian12", small.Limit);
        string before = (await server.GetOwnImageAsync("debian12", small.Limit)).Id;
        Assert.False(await server.SquashImageAsync("debian12", confirmed: false, small.Limit));
        Assert.Equal(before, (await server.GetOwnImageAsync("debian12", small.Limit)).Id);
        Assert.True(await server.SquashImageAsync("debian12", confirmed: true, small.Limit));
        Assert.NotEqual(before, (await server.GetOwnImageAsync("debian12", small.Limit)).Id);
        Assert.Equal(1, host.Images.Find("walt-g5k/debian12:latest")!.Layers);
        Assert.Contains(host.Logs, l => l.Line.Contains("gros-1 is down (cause: image change", StringComparison.Ordinal));
        Assert.True(await server.SquashImageAsync("alpine", confirmed: false, small.Limit));
    }
}
