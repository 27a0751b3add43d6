using FsCheck;
using FsCheck.Fluent;
using WaltG5k.BootFs;

namespace WaltG5k.Tests.BootFs;

/// <summary>Whatever the order in which bytes move, connections break and reads come, each read gets the image's bytes.</summary>
public class ReadPropertyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(300)]
    public void Every_read_gives_the_bytes_of_the_image(int tracedBlocks) => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        using TestImage image = new(1 + random.Next(300 * TestImage.BlockSize, 320 * TestImage.BlockSize), seed);
        image.AddTrace(Enumerable.Range(0, tracedBlocks).Select(_ => (uint)random.Next((int)image.Image.Shape.Blocks)));
        using RootClient client = new(image.ClientOptions(seed) with { Memory = random.Next(2) == 0 ? 1 << 20 : 8 << 20 });
        MemoryLink link = new(image, client);
        Dictionary<ulong, (int Offset, int Length)> asked = [];
        int ordered = 0, done = 0;
        for (int step = 0; done < 60; step++)
        {
            Assert.True(step < 200_000, "it does not end");
            if (!client.IsConnected)
            {
                link.Connect();
                continue;
            }
            switch (random.Next(12))
            {
                case 0 when client.IsReady && ordered < 60:
                    int offset = random.Next(image.Bytes.Length),
                    length = Math.Min(1 + random.Next(random.Next(4) == 0 ? 400_000 : 20_000), image.Bytes.Length - offset);
                    asked[(ulong)ordered] = (offset, length);
                    client.Read((ulong)ordered++, offset, length);
                    break;
                case 1 when random.Next(40) == 0:
                    link.Cut();
                    break;
                case < 5:
                    link.MoveToServer(1 + random.Next(2000));
                    break;
                case < 8:
                    link.Serve();
                    break;
                default:
                    link.MoveToClient(1 + random.Next(100_000));
                    break;
            }
            if (client.Fault is string fault) Assert.Fail(fault);
            while (client.TryTake(out CompletedRead read))
            {
                (int from, int count) = asked[read.Cookie];
                Assert.Equal(count, read.Length);
                Assert.True(image.Bytes.AsSpan(from, count).SequenceEqual(read.Buffer.AsSpan(0, count)));
                done++;
            }
        }
        Assert.True(client.Memory <= 9 << 20);
        Assert.Equal(0UL, client.Counts.Damaged);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void Damaged_bytes_never_reach_a_reader() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        using TestImage image = new(64 * TestImage.BlockSize, seed);
        if (random.Next(2) == 0) image.AddTrace(Enumerable.Range(0, 64).Select(i => (uint)i));
        using RootClient client = new(image.ClientOptions(seed));
        MemoryLink link = new(image, client);
        int left = 60;
        for (int step = 0; left > 0; step++)
        {
            Assert.True(step < 20_000, "it does not end");
            if (!client.IsConnected)
            {
                link.Connect();
                continue;
            }
            if (client.IsReady && client.PendingReads == 0)
            {
                int offset = random.Next(image.Bytes.Length - 5000);
                client.Read((ulong)offset, offset, 5000);
            }
            link.MoveToServer(int.MaxValue);
            link.Serve();
            // One byte in some thousands changes on its way.
            if (link.ToClient.Count > 0 && random.Next(8) == 0 && step < 500)
                link.ToClient[random.Next(link.ToClient.Count)] ^= (byte)(1 + random.Next(255));
            link.MoveToClient(int.MaxValue);
            if (client.Fault is string fault) link.Cut(fault);
            // What a length said may never come: the driver's clock would end such a connection.
            else if (step % 50 == 49) link.Cut("silence");
            while (client.TryTake(out CompletedRead read))
            {
                left--;
                if (read.IsFailed) continue;
                Assert.True(image.Bytes.AsSpan((int)read.Cookie, read.Length).SequenceEqual(read.Buffer.AsSpan(0, read.Length)));
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
}
