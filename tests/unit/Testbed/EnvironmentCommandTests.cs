using WaltG5k.Core.Kadeploy;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Kadeploy.Environments;

namespace WaltG5k.Tests.Testbed;

public class EnvironmentCommandTests
{
    const string Gros1 = "gros-1.nancy.grid5000.fr";

    const string Description =
        """
        ---
        name: mine
        version: 1
        os: linux
        image:
          file: public/mine.tgz
          kind: tar
          compression: gzip
        boot:
          kernel: "/vmlinuz"
          initrd: "/initrd.img"
        filesystem: ext4
        partition_type: 131
        """;

    static SmallWorld CreateWorld(params string[] faults)
    {
        SmallWorld small = new(faults);
        FrontendPrograms.AddTo(small.World);
        Directory.CreateDirectory(Path.Combine(small.Home, "public"));
        File.WriteAllText(Path.Combine(small.Home, "public", "mine.tgz"), "an image");
        File.WriteAllText(Path.Combine(small.Home, "mine.yaml"), Description);
        return small;
    }

    [Fact]
    public void The_staff_keeps_about_75_environments_with_versions_and_architectures()
    {
        IReadOnlyList<EnvironmentRecord> all = ReferenceEnvironments.Create();
        Assert.InRange(all.GroupBy(e => (e.Name, e.Architecture)).Count(), 70, 85);
        Assert.Equal(["aarch64", "ppc64le", "x86_64"], all.Select(e => e.Architecture).Distinct().Order());
        Assert.Equal(2, all.Where(e => e is { Name: "debian12-min", Architecture: "x86_64" }).Select(e => e.Version).Distinct().Count());
        Assert.Equal(all.Count, all.Select(e => (e.Name, e.Version, e.Architecture)).Distinct().Count());
        Assert.All(all, e => Assert.True(DescriptionReader.Read(EnvironmentYaml.Write(e.Fields)).IsValid));
    }

    [Fact]
    public async Task An_added_environment_is_the_users_own_at_that_site()
    {
        await using SmallWorld small = CreateWorld();
        SmallWorld.Run add = await small.RunAsync("nancy", "kaenv3", "-a", "mine.yaml");
        Assert.Equal((0, "", 0), (add.Status, add.Error, add.Blocks.Count));
        Assert.Contains(await ListAsync(small, "nancy"), l => l.StartsWith("mine                  1       jdoe", StringComparison.Ordinal));
        Assert.DoesNotContain(await ListAsync(small, "rennes"), l => l.StartsWith("mine", StringComparison.Ordinal));
        SmallWorld.Run print = await small.RunAsync("nancy", "kaenv3", "-p", "mine", "-u", "jdoe", "--env-version", "1");
        Assert.Equal(["---", "name: mine", "version: 1", "arch: x86_64", "visibility: private"], print.Lines[..5]);
        Assert.Contains("  kernel: \"/vmlinuz\"", print.Lines);

        SmallWorld.Run again = await small.RunAsync("nancy", "kaenv3", "-a", "mine.yaml");
        Assert.Equal(
            (10, "Element already exists -- An environment with the name mine and the version 1 has already been recorded for the user jdoe\n[Kadeploy Error #10]"), (again.Status, again.Error));
    }

    [Theory]
    [InlineData("kernel: \"/vmlinuz\"", "nothing: 1", 7, "The field 'kernel' is mandatory for OS linux with the 'tar' image kind")]
    [InlineData("os: linux", "os: windows", 7, "Invalid value 'windows', allowed values are: 'linux', 'xen' or 'other' [field: os]")]
    [InlineData("version: 1", "version: one", 7, "The field should have the type Fixnum [field: version]")]
    [InlineData("public/mine.tgz", "public/gone.tgz", 5, "Unable to grab the file public/gone.tgz")]
    [InlineData("public/mine.tgz", "http://public.nancy.grid5000.fr/~jdoe/gone.tgz", 5, "(http error #404)")]
    [InlineData("public/mine.tgz", "ftp://x/y.tgz", 5, "unknown protocol ftp")]
    [InlineData("os: linux", "os: linux\nvisibility: public", 2, "Only administrators can use the \"public\" tag")]
    [InlineData("---\nname: mine", "name : mine\ntarball : http://x/y.tgz|tgz", 7, "The field is mandatory [field: image]",
        "image:\n  file: public/mine.tgz\n  kind: tar\n  compression: gzip\n")]
    public async Task A_description_is_refused_in_Kadeploys_words(string old, string text, int status, string error, string without = "\0")
    {
        await using SmallWorld small = CreateWorld();
        await File.WriteAllTextAsync(Path.Combine(small.Home, "mine.yaml"),
            Description.Replace(old, text, StringComparison.Ordinal).Replace(without, "", StringComparison.Ordinal));
        SmallWorld.Run run = await small.RunAsync("nancy", "kaenv3", "-a", "mine.yaml");
        Assert.Equal(status, run.Status);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(await ListAsync(small, "nancy"), l => l.StartsWith("mine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Own_environments_are_changed_and_deleted_and_others_are_not()
    {
        await using SmallWorld small = CreateWorld();
        await small.RunAsync("nancy", "kaenv3", "-a", "mine.yaml");
        Assert.Equal(0, (await small.RunAsync("nancy", "kaenv3", "--set-visibility-tag", "mine", "-t", "shared", "--env-version", "1")).Status);
        Assert.Equal(0, (await small.RunAsync("nancy", "kaenv3", "--toggle-destructive-tag", "mine")).Status);
        string[] print = (await small.RunAsync("nancy", "kaenv3", "mine")).Lines;
        Assert.Contains("visibility: shared", print);
        Assert.Contains("destructive: true", print);
        Assert.Equal(2, (await small.RunAsync("nancy", "kaenv3", "--set-visibility-tag", "mine", "-t", "public")).Status);
        SmallWorld.Run foreign = await small.RunAsync("nancy", "kaenv3", "--yes", "-d", "debian12-min", "-u", "deploy");
        Assert.Equal((2, true), (foreign.Status,
            foreign.Error.EndsWith("[HTTP Error #403 on DELETE /environments/deploy/debian12-min]", StringComparison.Ordinal)));
        Assert.Equal(1, (await small.RunAsync("nancy", "kaenv3", "-d", "mine")).Status); // nobody has said yes
        Assert.Equal(0, (await small.RunAsync("nancy", "kaenv3", "--yes", "-d", "mine")).Status);
        Assert.Equal(1, (await small.RunAsync("nancy", "kaenv3", "-p", "mine")).Status);
    }

    [Fact]
    public async Task A_changed_image_is_not_deployed_until_its_checksum_is_updated()
    {
        await using SmallWorld small = CreateWorld();
        small.AddJob("nancy", null, "gros-1");
        await small.RunAsync("nancy", "kaenv3", "-a", "mine.yaml");
        Assert.Equal(14, (await small.RunAsync("nancy", "kaenv3", "--update-image-checksum", "mine")).Status);
        await File.WriteAllTextAsync(Path.Combine(small.Home, "public", "mine.tgz"), "another image");
        SmallWorld.Run refused = await small.RunAsync("nancy", "kadeploy3", "mine", "-m", Gros1);
        Assert.Equal((5, "Invalid file -- Checksum of the file 'public/mine.tgz' does not match (an update is necessary)\n[Kadeploy Error #5]"),
            (refused.Status, refused.Error));
        Assert.Equal(0, (await small.RunAsync("nancy", "kaenv3", "--update-image-checksum", "mine")).Status);
        Assert.Equal(Gros1, (await small.RunAsync("nancy", "kadeploy3", "mine", "-m", Gros1)).Lines[^1]);
    }

    [Fact]
    public async Task Version_3_3_has_neither_architectures_nor_positional_names()
    {
        await using SmallWorld small = CreateWorld("kadeploy-old:nancy");
        Assert.Equal("Kadeploy version: 3.3.11.stable", (await small.RunAsync("nancy", "kaenv3", "-v")).Lines[0]);
        Assert.Equal("You must choose an operation", (await small.RunAsync("nancy", "kaenv3", "debian12-min")).Error);
        Assert.Equal("Option parsing error: invalid option: --yes", (await small.RunAsync("nancy", "kaenv3", "--yes", "-d", "mine")).Error);
        Assert.Equal(0, (await small.RunAsync("nancy", "kaenv3", "-a", "mine.yaml")).Status);
        Assert.DoesNotContain((await small.RunAsync("nancy", "kaenv3", "-p", "mine")).Lines, l => l.StartsWith("arch", StringComparison.Ordinal));
        Assert.Equal(0, (await small.RunAsync("nancy", "kaenv3", "-d", "mine")).Status);
    }

    [Theory]
    [InlineData("ssh", "sh", "-c", "ssh root@gros-1 tgz-g5k > saved.img")]
    [InlineData("front-end", "tgz-g5k", "-m", Gros1, "-f", "saved.img", "-z")]
    public async Task What_was_changed_on_a_node_comes_back_with_its_image(string form, params string[] command)
    {
        Assert.NotEmpty(form);
        await using SmallWorld small = CreateWorld();
        small.AddJob("nancy", null, "gros-1", "gros-2");
        await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1);
        await small.RunAsync("nancy", ["ssh", "root@gros-1", "tee /etc/tuned"], "by hand\n", false, small.Limit);
        Assert.Equal(0, (await small.RunAsync("nancy", command)).Status);
        Assert.Equal(0, (await small.RunAsync("nancy", command[^1] == "-z" ? "zstd" : "gzip", "-t", "saved.img")).Status);
        await File.WriteAllTextAsync(Path.Combine(small.Home, "mine.yaml"),
            Description.Replace("public/mine.tgz", "saved.img", StringComparison.Ordinal));

        Assert.Equal(0, (await small.RunAsync("nancy", "kadeploy3", "-a", "mine.yaml", "-m", "gros-2.nancy.grid5000.fr")).Status);

        Assert.Equal(["by hand"], (await small.RunAsync("nancy", "ssh", "root@gros-2", "cat /etc/tuned")).Lines);
    }

    [Fact]
    public async Task A_broken_connection_and_a_full_disk_leave_half_an_image()
    {
        await using SmallWorld small = CreateWorld("node-cut:gros-1*1", "frontend-disk-full:nancy*1");
        small.AddJob("nancy", null, "gros-1");
        await small.RunAsync("nancy", "kadeploy3", "debian12-min", "-m", Gros1);
        SmallWorld.Run full = await small.RunAsync("nancy", "sh", "-c", "ssh root@gros-1 true > saved.tgz; ssh root@gros-1 tgz-g5k > saved.tgz");
        Assert.Equal("Connection to gros-1 closed by remote host.\nbash: saved.tgz: No space left on device", full.Error);
        Assert.Equal(1, full.Status);
        Assert.Equal(1, (await small.RunAsync("nancy", "gzip", "-t", "saved.tgz")).Status);
        Assert.Equal(0, (await small.RunAsync("nancy", "sh", "-c", "ssh root@gros-1 tgz-g5k > saved.tgz && gzip -t saved.tgz")).Status);
    }

    [Fact]
    public async Task What_users_have_registered_outlives_the_process()
    {
        await using SmallWorld small = CreateWorld(), other = CreateWorld();
        await small.RunAsync("nancy", "kaenv3", "-a", "mine.yaml");
        await using EnvironmentsPart saved = new(small.World), loaded = new(other.World);
        loaded.Load(System.Text.Json.Nodes.JsonNode.Parse(saved.Save()!.ToJsonString())!);
        Assert.Equal((await small.RunAsync("nancy", "kaenv3", "-p", "mine")).Lines, (await other.RunAsync("nancy", "kaenv3", "-p", "mine")).Lines);
        Assert.Equal(14, (await other.RunAsync("nancy", "kaenv3", "--update-image-checksum", "mine")).Status);
    }

    static async Task<string[]> ListAsync(SmallWorld small, string site) => (await small.RunAsync(site, "kaenv3", "-l")).Lines;
}
