using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests.Frontends;

public sealed class FrontendFilesTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("waltg5k-files-").FullName;
    readonly LocalFrontend _frontend = new("nancy");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string PathOf(string name) => Path.Combine(_folder, name);

    [Fact]
    public async Task What_is_written_is_read()
    {
        string path = PathOf("-a file");
        Assert.False(await _frontend.FileExistsAsync(path));
        Assert.Null(await _frontend.TryReadFileAsync(path));
        await _frontend.WriteFileAsync(path, "old");
        await _frontend.WriteFileAsync(path, "é\nnew");
        Assert.Equal("é\nnew", await _frontend.ReadFileAsync(path));
        Assert.Equal("new", await _frontend.ReadFileFromAsync(path, 3));
        Assert.True(await _frontend.FileExistsAsync(path));
        Assert.Single(Directory.GetFiles(_folder));
        await _frontend.DeleteFileAsync(path);
        await _frontend.DeleteFileAsync(path);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Folders_are_made_with_those_above_them()
    {
        await _frontend.CreateFolderAsync(PathOf("a/b"));
        await _frontend.CreateFolderAsync(PathOf("a/b"));
        Assert.True(Directory.Exists(PathOf("a/b")));
    }

    [Fact]
    public async Task A_failure_names_the_file()
    {
        CommandFailedException e = await Assert.ThrowsAsync<CommandFailedException>(() => _frontend.ReadFileAsync(PathOf("none")));
        Assert.Equal(("FileNotRead", ErrorKind.ObjectNotFound, PathOf("none")), (e.Code, e.Kind, e.Target));
        Assert.Equal("FileNotRead", (await Assert.ThrowsAsync<CommandFailedException>(() => _frontend.TryReadFileAsync(_folder))).Code);
        Assert.Equal("FileNotWritten", (await Assert.ThrowsAsync<CommandFailedException>(() => _frontend.WriteFileAsync(PathOf("none/x"), ""))).Code);
        Assert.Equal("FolderNotMade", (await Assert.ThrowsAsync<CommandFailedException>(() => _frontend.CreateFolderAsync("/proc/none"))).Code);
    }
}
