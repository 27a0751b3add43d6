using System.Formats.Tar;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Images;

namespace WaltG5k.Tests.Walt.Images;

/// <summary>Archives that come from an image may hold anything.</summary>
public sealed class ImageExtractionTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("waltg5k-extraction-");

    public void Dispose() => _folder.Delete(recursive: true);

    string Root => Path.Combine(_folder.FullName, "root");

    async Task<IReadOnlyList<string>> ExtractAsync(params TarEntry[] entries)
    {
        Directory.CreateDirectory(Root);
        MemoryStream archive = new();
        await using (TarWriter writer = new(archive, leaveOpen: true))
            foreach (TarEntry entry in entries) await writer.WriteEntryAsync(entry);
        archive.Position = 0;
        return await new ImageExtraction(Root, overwrites: true, SilentReporter.Instance).ExtractAsync(archive, n => n, CancellationToken.None);
    }

    static PaxTarEntry File(string name) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([65]) };

    static PaxTarEntry Link(TarEntryType type, string name, string target) => new(type, name) { LinkName = target };

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/outside")]
    [InlineData("..\\outside")]
    public async Task A_name_that_leads_out_is_refused(string name)
    {
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() => ExtractAsync(File(name)));
        Assert.Equal("ImageArchiveUnsafe", failure.Code);
        Assert.Empty(Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_link_that_leads_out_is_left_out_and_nothing_goes_through_it()
    {
        await ExtractAsync(Link(TarEntryType.SymbolicLink, "a", ".."), Link(TarEntryType.SymbolicLink, "b", "/etc"), File("a/x"));
        Assert.True(System.IO.File.Exists(Path.Combine(Root, "a/x")));
        Assert.False(System.IO.File.Exists(Path.Combine(_folder.FullName, "x")));
        Assert.False(Path.Exists(Path.Combine(Root, "b")));
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link_that_was_there_before()
    {
        Directory.CreateDirectory(Root);
        string other = Directory.CreateDirectory(Path.Combine(_folder.FullName, "other")).FullName;
        System.IO.File.CreateSymbolicLink(Path.Combine(Root, "a"), other);
        Assert.Equal("ImageArchiveUnsafe", (await Assert.ThrowsAsync<G5kException>(() => ExtractAsync(File("a/x")))).Code);
        Assert.Empty(Directory.GetFiles(other));
    }

    [Fact]
    public async Task A_hard_link_copies_what_is_inside_and_nothing_else()
    {
        await ExtractAsync(File("a"), Link(TarEntryType.HardLink, "b", "a"));
        Assert.Equal("A", await System.IO.File.ReadAllTextAsync(Path.Combine(Root, "b")));
        Assert.Equal("ImageArchiveUnsafe", (await Assert.ThrowsAsync<G5kException>(() =>
            ExtractAsync(Link(TarEntryType.HardLink, "c", "../../etc/hostname")))).Code);
    }

    [Fact]
    public async Task Links_inside_stay_links_and_special_files_are_left_out()
    {
        IReadOnlyList<string> tops = await ExtractAsync(new PaxTarEntry(TarEntryType.Directory, "d"), File("d/x"),
            Link(TarEntryType.SymbolicLink, "d/y", "x"), new PaxTarEntry(TarEntryType.Fifo, "pipe"));
        Assert.Equal("x", new FileInfo(Path.Combine(Root, "d/y")).LinkTarget);
        Assert.False(Path.Exists(Path.Combine(Root, "pipe")));
        Assert.Contains(Path.Combine(Root, "d"), tops);
    }
}
