using WaltG5k.BootFs;

namespace WaltG5k.Tests.BootFs;

public class TraceTests
{
    static readonly ImageShape s_shape = new(100 * 4096 - 10, 4096);
    static readonly byte[] s_digest = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    static BlockTrace Trace(params uint[] blocks)
    {
        BlockTrace trace = new(s_shape, s_digest);
        foreach (uint block in blocks) trace.Add(block, long.MaxValue);
        return trace;
    }

    [Fact]
    public void Merges_neighbours_and_keeps_the_order()
    {
        BlockTrace trace = Trace(4, 5, 6, 0, 5, 1, 99, 98);
        Assert.Equal([new(4, 3), new(0, 2), new(99, 1), new(98, 1)], trace.Ranges);
        Assert.Equal(7 * 4096 - 10, trace.Bytes);
    }

    [Fact]
    public void Is_read_as_it_was_written()
    {
        BlockTrace trace = Trace(4, 5, 6, 0, 1, 99);
        BlockTrace read = BlockTrace.Read(trace.Write(), s_shape, s_digest);
        Assert.Equal(trace.Ranges, read.Ranges);
        Assert.Equal(trace.Bytes, read.Bytes);
    }

    [Fact]
    public void Ends_at_its_limit()
    {
        BlockTrace trace = new(s_shape, s_digest);
        Assert.Equal(3, Enumerable.Range(0, 10).Count(i => trace.Add((uint)i, 3 * 4096)));
    }

    [Fact]
    public void Of_another_image_is_not_read() =>
        Assert.StartsWith("it is of the image 0001",
        Assert.Throws<FormatException>(() => BlockTrace.Read(Trace(1).Write(), s_shape, new byte[32])).Message);

    [Fact]
    public void Of_another_block_size_is_not_read() =>
        Assert.Contains("another size", Assert.Throws<FormatException>(() =>
            BlockTrace.Read(Trace(1).Write(), new ImageShape(s_shape.Size, 8192), s_digest)).Message);

    [Fact]
    public void Cut_off_anywhere_is_not_read()
    {
        string text = Trace(1, 5, 9, 2).Write();
        for (int length = 0; length < text.Length; length++) Assert.Throws<FormatException>(() => BlockTrace.Read(text[..length], s_shape, s_digest));
    }

    [Fact]
    public void Changed_anywhere_is_not_read()
    {
        string text = Trace(1, 5, 9, 2).Write();
        for (int i = 0; i < text.Length; i++)
        {
            char[] changed = text.ToCharArray();
            changed[i] = changed[i] == '3' ? '4' : '3';
            Assert.Throws<FormatException>(() => BlockTrace.Read(new string(changed), s_shape, s_digest));
        }
    }

    [Fact]
    public void Is_made_by_a_boot_and_pushed_to_the_next_one()
    {
        using TestImage image = new(64 * 4096);
        using (RootClient first = new(image.ClientOptions(1)))
        {
            MemoryLink link = new(image, first);
            link.Connect();
            link.Settle();
            Assert.Equal(TraceState.None, first.Trace);
            foreach (int block in new[] { 9, 3, 10, 40 }) Assert.NotNull(link.Read(block * 4096, 4096));
            link.Cut();
        }
        Assert.Equal([new(9, 1), new(3, 1), new(10, 1), new(40, 1)], image.Parts.Traces.Get(image.Image).Ranges);
        using RootClient second = new(image.ClientOptions(2));
        MemoryLink later = new(image, second);
        later.Connect();
        later.Settle();
        Assert.Equal(TraceState.Pushed, second.Trace);
        foreach (int block in new[] { 9, 3, 10, 40 }) Assert.Equal(image.Bytes[(block * 4096)..((block + 1) * 4096)], later.Read(block * 4096, 4096));
        Assert.Equal(new BootCounts(4 * 4096, 4 * 4096, 0, 4, 0, 0), second.Counts);
    }

    [Fact]
    public void Grows_by_what_a_later_boot_misses()
    {
        using TestImage image = new(64 * 4096);
        image.AddTrace([1, 2]);
        using RootClient client = new(image.ClientOptions());
        MemoryLink link = new(image, client);
        link.Connect();
        link.Settle();
        link.Read(2 * 4096, 2 * 4096);
        link.Cut();
        Assert.Equal([new(1, 3)], image.Parts.Traces.Get(image.Image).Ranges);
    }

    [Theory]
    [InlineData("not a trace", "no trace of this version")]
    [InlineData("waltg5k-bootfs trace 1\n", "cut off")]
    public void That_cannot_be_used_is_as_none_and_is_written_anew(string text, string reason)
    {
        using TestImage image = new(64 * 4096);
        Directory.CreateDirectory(image.Options.TraceFolder);
        string path = image.Parts.Traces.PathOf(image.Image.Digest);
        File.WriteAllText(path, text);
        using RootClient client = new(image.ClientOptions());
        MemoryLink link = new(image, client);
        link.Connect();
        link.Settle();
        Assert.Equal(TraceState.Unusable, client.Trace);
        Assert.Contains(image.Log, l => l.Contains(reason, StringComparison.Ordinal));
        Assert.Equal(image.Bytes[(7 * 4096)..(7 * 4096 + 100)], link.Read(7 * 4096, 100));
        link.Cut();
        Assert.Equal([new(7, 1)], BlockTrace.Read(File.ReadAllText(path), image.Image.Shape, image.Image.Digest).Ranges);
    }

    [Fact]
    public void Is_not_made_of_what_a_node_reads_after_its_boot()
    {
        ManualTime time = new();
        using TestImage image = new(64 * 4096, time: time);
        using RootClient client = new(image.ClientOptions());
        MemoryLink link = new(image, client);
        link.Connect();
        link.Settle();
        link.Read(0, 10);
        time.Advance(image.Options.Recording);
        link.Read(4096, 10);
        // A connection after an outage is of the same boot.
        link.Cut();
        link.Read(2 * 4096, 10);
        link.Cut();
        Assert.Equal([new(0, 1)], image.Parts.Traces.Get(image.Image).Ranges);
    }

    [Fact]
    public void Is_kept_when_the_reads_of_a_boot_pause_as_a_reboot_cuts_it_off_without_a_goodbye()
    {
        ManualTime time = new();
        using TestImage image = new(64 * 4096, time: time);
        using RootClient client = new(image.ClientOptions());
        MemoryLink link = new(image, client);
        link.Connect();
        link.Settle();
        link.Read(0, 10);
        Assert.False(link.Session!.IsRecordDue);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(link.Session.IsRecordDue);
        link.Session.Keep();
        link.Read(4096, 10);
        link.Cut();
        Assert.Equal([new(0, 2)], image.Parts.Traces.Get(image.Image).Ranges);
    }
}
