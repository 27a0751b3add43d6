using System.Net.Sockets;
using WaltG5k.BootFs;

namespace WaltG5k.Tests.BootFs;

/// <summary>A real server and clients over sockets of this machine, and what can happen to them.</summary>
public class FaultTests
{
    const int Block = TestImage.BlockSize;

    static BootFsServer Serve(TestImage image, ServerOptions? options = null)
    {
        BootFsServer server = new(options ?? image.Options, TimeProvider.System, image.Note);
        server.Start();
        return server;
    }

    static LoopbackClient Start(RootClientOptions options, System.Net.IPEndPoint server)
    {
        LoopbackClient client = new(new RootClient(options), server);
        client.Start();
        return client;
    }

    static async Task ReadAllAsync(TestImage image, LoopbackClient client, int seed = 3)
    {
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        Random random = new(seed);
        for (int i = 0; i < 40; i++)
        {
            int offset = random.Next(image.Bytes.Length), length = Math.Min(image.Bytes.Length - offset, 1 + random.Next(30_000));
            Assert.Equal(image.Bytes[offset..(offset + length)], await client.ReadAsync(offset, length));
        }
    }

    [Fact]
    public async Task Two_nodes_boot_from_one_server_the_second_with_the_trace_of_the_first()
    {
        using TestImage image = new(200 * Block);
        await using BootFsServer server = Serve(image);
        await using (LoopbackClient first = Start(image.ClientOptions(1), server.EndPoint)) await ReadAllAsync(image, first);
        while (server.Connections > 0) await Task.Delay(5);
        await using LoopbackClient second = Start(image.ClientOptions(2), server.EndPoint);
        await using LoopbackClient third = Start(image.ClientOptions(3), server.EndPoint);
        await Task.WhenAll(ReadAllAsync(image, second), ReadAllAsync(image, third, seed: 8));
        Assert.Equal(TraceState.Pushed, second.Client.Trace);
        Assert.Equal(0UL, second.Client.Counts.DemandedBytes);
        Assert.True(third.Client.Counts.UsedBytes > 0);
    }

    [Fact]
    public async Task An_outage_is_not_noticed_by_reads_and_nothing_is_sent_twice()
    {
        using TestImage image = new(400 * Block);
        image.AddTrace(Enumerable.Range(0, 300).Select(i => (uint)i));
        await using BootFsServer server = Serve(image);
        await using ByteRelay relay = new(server.EndPoint);
        await using LoopbackClient client = Start(image.ClientOptions(), relay.EndPoint);
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(image.Bytes[..Block], await client.ReadAsync(0, Block));
        while (!client.Client.IsPushOver) await Task.Delay(5);
        long before = relay.BytesToClient;
        relay.IsClosed = true;
        relay.Cut();
        Task<byte[]?> read = client.ReadAsync(350 * Block, Block), known = client.ReadAsync(20 * Block, Block);
        Assert.Equal(image.Bytes[(20 * Block)..(21 * Block)], await known);
        Assert.False(read.IsCompleted);
        relay.IsClosed = false;
        Assert.Equal(image.Bytes[(350 * Block)..(351 * Block)], await read);
        Assert.True(client.Client.Connections >= 2);
        // A Welcome, the hashes of a page and the one block.
        Assert.True(relay.BytesToClient - before < 3 * Block);
    }

    [Fact]
    public async Task A_server_that_is_killed_and_started_again_goes_on()
    {
        using TestImage image = new(200 * Block);
        BootFsServer server = Serve(image);
        System.Net.IPEndPoint address = server.EndPoint;
        await using LoopbackClient client = Start(image.ClientOptions(), address);
        await ReadAllAsync(image, client);
        await server.DisposeAsync();
        Task<byte[]?>[] reads = [.. Enumerable.Range(0, 50).Select(i => client.ReadAsync(i * 4 * Block, 2 * Block))];
        await using BootFsServer again = Serve(image, image.Options with { Listen = address });
        byte[]?[] results = await Task.WhenAll(reads);
        for (int i = 0; i < results.Length; i++) Assert.Equal(image.Bytes[(i * 4 * Block)..((i * 4 + 2) * Block)], results[i]);
        Assert.Contains(image.Log, l => l.Contains("goes on with debian", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Damage_on_the_way_is_seen_and_asked_for_again()
    {
        using TestImage image = new(200 * Block);
        await using BootFsServer server = Serve(image);
        await using ByteRelay relay = new(server.EndPoint);
        await using LoopbackClient client = Start(image.ClientOptions(), relay.EndPoint);
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        int damaged = 0;
        relay.ToClient = bytes =>
        {
            // The end of the bytes that are there is within a block, hardly in a header.
            if (bytes.Length > 2000 && damaged++ < 3) bytes.Span[^900] ^= 1;
        };
        await ReadAllAsync(image, client);
        Assert.True(client.Client.Counts.Damaged > 0 || client.Breaks.Count > 0);
    }

    [Fact]
    public async Task An_image_that_is_damaged_on_the_server_fails_the_read_and_no_other()
    {
        using TestImage image = new(50 * Block);
        await using BootFsServer server = Serve(image);
        await using LoopbackClient client = Start(image.ClientOptions(), server.EndPoint);
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        DateTime date = File.GetLastWriteTimeUtc(image.ImagePath);
        using (FileStream file = new(image.ImagePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 10 * Block + 17;
            file.WriteByte((byte)~image.Bytes[10 * Block + 17]);
        }
        File.SetLastWriteTimeUtc(image.ImagePath, date);
        Assert.Null(await client.ReadAsync(10 * Block, 100));
        Assert.Equal(image.Bytes[(11 * Block)..(12 * Block)], await client.ReadAsync(11 * Block, Block));
        Assert.Contains(image.Log, l => l.Contains("block 10 cannot be had undamaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_with_another_key_is_not_believed()
    {
        using TestImage image = new(20 * Block), other = new(20 * Block, seed: 2);
        await using BootFsServer server = Serve(other);
        await using LoopbackClient client = Start(image.ClientOptions(), server.EndPoint);
        while (client.Breaks.Count < 3) await Task.Delay(5);
        Assert.Contains("does not have the key", client.Breaks[0], StringComparison.Ordinal);
        Assert.False(client.Client.IsReady);
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_said_to_be_so()
    {
        using TestImage image = new(20 * Block);
        await using BootFsServer server = Serve(image);
        await using LoopbackClient unknown = Start(image.ClientOptions() with { Image = "fedora" }, server.EndPoint);
        Assert.Contains("there is no image 'fedora'", (await Assert.ThrowsAsync<InvalidOperationException>(() => unknown.Ready)).Message,
            StringComparison.Ordinal);
        await using LoopbackClient pinned = Start(image.ClientOptions() with { Digest = new byte[32] }, server.EndPoint);
        Assert.Contains("OtherImage: the image 'debian' is now", (await Assert.ThrowsAsync<InvalidOperationException>(() => pinned.Ready)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_file_of_the_same_name_does_not_change_a_root_that_is_in_use()
    {
        using TestImage image = new(50 * Block);
        await using BootFsServer server = Serve(image);
        await using ByteRelay relay = new(server.EndPoint);
        await using LoopbackClient client = Start(image.ClientOptions(), relay.EndPoint);
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        byte[] fresh = new byte[30 * Block];
        File.WriteAllBytes(image.ImagePath + ".new", fresh);
        File.Move(image.ImagePath + ".new", image.ImagePath, overwrite: true);
        await using LoopbackClient next = Start(image.ClientOptions(9), server.EndPoint);
        await next.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(fresh[..100], await next.ReadAsync(0, 100));
        relay.Cut();
        Assert.Equal(image.Bytes[(45 * Block)..(46 * Block)], await client.ReadAsync(45 * Block, Block));
    }

    [Fact]
    public async Task A_trace_larger_than_memory_is_pushed_as_room_comes_free()
    {
        using TestImage image = new(1200 * Block);
        image.AddTrace(Enumerable.Range(0, 1200).Select(i => (uint)i));
        await using BootFsServer server = Serve(image);
        await using LoopbackClient client = Start(image.ClientOptions() with { Memory = 1 << 20 }, server.EndPoint);
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        for (int block = 0; block < 1200; block += 4)
            Assert.Equal(image.Bytes[(block * Block)..((block + 4) * Block)], await client.ReadAsync(block * Block, 4 * Block));
        Assert.True(client.Client.Memory <= 1 << 20, $"{client.Client.Memory} bytes");
        Assert.True(client.Client.Counts.UsedBytes > 600 * Block, $"{client.Client.Counts}");
        Assert.Empty(client.Breaks);
    }

    [Fact]
    public async Task On_a_slow_link_what_is_asked_for_does_not_wait_for_the_whole_trace()
    {
        using TestImage image = new(2000 * Block);
        image.AddTrace(Enumerable.Range(0, 1900).Select(i => (uint)i));
        await using BootFsServer server = Serve(image);
        await using ByteRelay relay = new(server.EndPoint) { Rate = 4_000_000 };
        await using LoopbackClient client = Start(image.ClientOptions(), relay.EndPoint);
        await client.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        while (client.Client.Counts.PushedBytes == 0) await Task.Delay(5);
        Assert.Equal(image.Bytes[(1950 * Block)..(1951 * Block)], await client.ReadAsync(1950 * Block, Block));
        // The whole trace is 7.8 MB; the window begins with 2 MiB, and there are the sockets' buffers between the two.
        Assert.True(client.Client.Counts.PushedBytes < 6_000_000, $"{client.Client.Counts}");
    }

    [Fact]
    public async Task More_clients_than_allowed_are_told_so()
    {
        using TestImage image = new(20 * Block);
        await using BootFsServer server = Serve(image, image.Options with { Clients = 1 });
        await using LoopbackClient first = Start(image.ClientOptions(1), server.EndPoint);
        await first.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        LoopbackClient second = Start(image.ClientOptions(2), server.EndPoint);
        await using (second)
        {
            while (second.Breaks.Count == 0) await Task.Delay(5);
            Assert.StartsWith("TooManyClients", second.Breaks[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stranger_is_refused_and_leaves_nothing()
    {
        using TestImage image = new(20 * Block);
        await using BootFsServer server = Serve(image);
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.EndPoint);
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: here\r\n\r\n"u8.ToArray());
        byte[] answer = new byte[1000];
        int count = await socket.ReceiveAsync(answer);
        Assert.Equal((byte)MessageType.Failure, answer[0]);
        Assert.True(count < 200);
        while (await socket.ReceiveAsync(answer) > 0)
        {
        }
        socket.Close();
        while (server.Connections > 0) await Task.Delay(5);
    }
}
