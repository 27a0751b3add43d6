using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Frontends;

public sealed class ControlFolderTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("wg").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_new_folder_is_the_users_alone()
    {
        string path = Path.Combine(_folder, "new");
        Assert.True(ControlFolder.TryUse(path, out string reason), reason);
        Assert.True(ControlFolder.TryUse(path, out reason), reason);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_folder_that_others_may_enter_is_refused()
    {
        string path = Path.Combine(_folder, "open");
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        Assert.False(ControlFolder.TryUse(path, out string reason));
        Assert.Contains("700", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_is_refused_even_to_a_folder_of_ones_own()
    {
        string path = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(path, _folder);
        Assert.False(ControlFolder.TryUse(path, out string reason));
        Assert.Contains("link", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_elses_folder_is_refused() => Assert.False(ControlFolder.TryUse("/proc/1", out _));

    [Fact]
    public void A_path_too_long_for_a_socket_is_refused()
    {
        Assert.False(ControlFolder.TryUse(Path.Combine(_folder, new string('x', 80)), out string reason));
        Assert.Contains("long", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Sockets_have_room_for_what_ssh_appends() => Assert.InRange(ControlFolder.Open().NewSocketName().Length + 3 + 17, 1, 103);
}
