using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Seeds;
using WaltG5k.Testbed;
using WaltG5k.Testbed.VirtualMachines;
using YamlDotNet.Serialization;

namespace WaltG5k.Tests.VirtualMachines;

public class SeedTests
{
    const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKk me@here \"two\"";

    static readonly CloudInitSeed s_seed = new("web-1.example.org")
    {
        AuthorizedKeys = [Key],
        Hosts = [("10.144.4.1", "web-1"), ("10.144.4.2", "db-1")],
    };

    static (string Label, IReadOnlyDictionary<string, string> Files) Read(byte[] image)
    {
        (string label, IReadOnlyDictionary<string, byte[]> files) = IsoReader.Read(image) ?? throw new InvalidDataException("no CD image");
        return (label, files.ToDictionary(f => f.Key, f => Encoding.UTF8.GetString(f.Value)));
    }

    static Dictionary<string, object> Yaml(string text) => new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(text);

    [Fact]
    public void A_seed_is_a_disk_with_the_label_and_the_names_that_cloud_init_looks_for()
    {
        (string label, IReadOnlyDictionary<string, string> files) = Read(s_seed.ToImage());
        Assert.Equal("cidata", label);
        Assert.Equal(["meta-data", "user-data"], files.Keys.Order());
        Assert.StartsWith("#cloud-config\n", files["user-data"], StringComparison.Ordinal);
        Dictionary<string, object> user = Yaml(files["user-data"]);
        Assert.Equal(("web-1", "web-1.example.org", "false"), (user["hostname"], user["fqdn"], user["disable_root"]));
        Assert.Equal([Key], (List<object>)user["ssh_authorized_keys"]);
        var file = (Dictionary<object, object>)((List<object>)user["write_files"])[0];
        Assert.Equal(("/etc/hosts", "true", "\n10.144.4.1 web-1\n10.144.4.2 db-1\n"), (file["path"], file["append"], file["content"]));
        Dictionary<string, object> meta = Yaml(files["meta-data"]);
        Assert.Equal("web-1.example.org", meta["local-hostname"]);
    }

    [Fact]
    public void A_kernel_without_Joliet_finds_the_same_names()
    {
        byte[] image = s_seed.ToImage();
        image[17 * 2048] = 3; // no longer a descriptor that anybody knows
        Assert.Equal(["meta-data", "user-data"], Read(image).Files.Keys.Order());
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_a_changed_one_another_instance()
    {
        Assert.Equal(s_seed.ToImage(), (s_seed with { }).ToImage());
        CloudInitSeed other = s_seed with { AuthorizedKeys = [] };
        Assert.NotEqual(s_seed.InstanceId, other.InstanceId);
        Assert.StartsWith("web-1.example.org-", s_seed.InstanceId, StringComparison.Ordinal);
    }

    [Fact]
    public void The_users_own_part_comes_after_ours_and_lists_are_joined()
    {
        CloudInitSeed seed = s_seed with { ExtraUserData = "#!/bin/sh\necho hello\r\n" };
        string text = Read(seed.ToImage()).Files["user-data"];
        Assert.Contains("Content-Type: multipart/mixed", text, StringComparison.Ordinal);
        string[] parts = text.Split("--==walt-g5k-seed==");
        Assert.Equal(4, parts.Length);
        Assert.Contains("text/cloud-config", parts[1], StringComparison.Ordinal);
        Assert.Contains(Key.Replace("\"", "\\\"", StringComparison.Ordinal), parts[1], StringComparison.Ordinal);
        Assert.EndsWith("\n\n#!/bin/sh\necho hello\n", parts[2], StringComparison.Ordinal);
        Assert.Contains("text/x-shellscript", parts[2], StringComparison.Ordinal);
        Assert.Contains("list(append)", parts[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_fixed_address_is_said_in_the_network_configuration()
    {
        CloudInitSeed seed = s_seed with
            { Network = new SeedNetwork("52:54:00:0A:0B:0C", "10.16.40.7/18") { Gateway = "10.16.63.254", NameServers = ["10.16.63.250"] } };
        Dictionary<string, object> network = Yaml(Read(seed.ToImage()).Files["network-config"]);
        var nic = (Dictionary<object, object>)((Dictionary<object, object>)network["ethernets"])["nic0"];
        Assert.Equal("52:54:00:0a:0b:0c", ((Dictionary<object, object>)nic["match"])["macaddress"]);
        Assert.Equal(["10.16.40.7/18"], (List<object>)nic["addresses"]);
        Assert.Equal("10.16.63.254", ((Dictionary<object, object>)((List<object>)nic["routes"])[0])["via"]);
        Assert.NotEqual(s_seed.InstanceId, seed.InstanceId);
    }

    [Theory]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----", "")]
    [InlineData("ssh-rsa A\nssh-rsa B", "")]
    [InlineData(Key, "runcmd: [true]")]
    public void What_cloud_init_would_not_take_is_refused(string key, string extra)
    {
        CloudInitSeed seed = s_seed with { AuthorizedKeys = [key], ExtraUserData = extra };
        Assert.Equal("SeedInvalid", Assert.Throws<G5kException>(seed.ToImage).Code);
    }

    [Fact]
    public void A_large_part_of_the_user_spans_sectors()
    {
        string extra = "#cloud-config\nnote: é" + new string('x', 10_000) + "\n";
        Assert.Contains(extra, Read((s_seed with { ExtraUserData = extra }).ToImage()).Files["user-data"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_arrives_on_a_front_end_as_it_was_made()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        await grid.GetFrontend("nancy").WriteSeedAsync($"/home/{grid.User}/it's seed.iso", s_seed);
        Assert.Equal(s_seed.ToImage(), await File.ReadAllBytesAsync(Path.Combine(grid.HomeDirectory, "it's seed.iso")));
    }
}
