using WaltG5k.Core;
using WaltG5k.Core.Deployments;

namespace WaltG5k.Tests.Deployments;

public sealed class WaltClientConfigurationTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("waltg5k-config-").FullName;
    string ConfigFile => Path.Combine(_folder, ".walt", "config");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void A_new_file_is_what_the_walt_command_writes()
    {
        WaltClientConfiguration.Write(ConfigFile, "gros-1.nancy.grid5000.fr", "walt-g5k");
        Assert.Equal("walt:\n  server: gros-1.nancy.grid5000.fr\n  username: walt-g5k\n", File.ReadAllText(ConfigFile));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(ConfigFile)!));
    }

    [Fact]
    public void What_else_stands_there_is_kept()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigFile)!);
        File.WriteAllText(ConfigFile, "hub:\n  username: me\nwalt:\n  server: old\n  colour: blue\n");
        WaltClientConfiguration.Write(ConfigFile, "new", "walt-g5k");
        Assert.Equal("hub:\n  username: me\nwalt:\n  server: new\n  colour: blue\n  username: walt-g5k\n", File.ReadAllText(ConfigFile));
    }

    [Fact]
    public void A_file_that_is_not_YAML_is_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigFile)!);
        File.WriteAllText(ConfigFile, "walt: [unfinished\n");
        Assert.Equal("WaltConfigurationCorrupt", Assert.Throws<G5kException>(() => WaltClientConfiguration.Write(ConfigFile, "s", "u")).Code);
        Assert.Equal("walt: [unfinished\n", File.ReadAllText(ConfigFile));
    }
}
