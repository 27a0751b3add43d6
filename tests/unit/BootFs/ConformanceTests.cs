using WaltG5k.BootFs;

namespace WaltG5k.Tests.BootFs;

/// <summary>Both sides against a conversation that another program has written: see docs/bootfs-protocol.md.</summary>
public class ConformanceTests
{
    sealed record Line(string Kind, byte[] Bytes);

    static readonly Line[] s_lines = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "samples/bootfs/transcript.txt"))
        .Where(l => !l.StartsWith('#'))
        .Select(l => l.Split(' ')).Select(w => new Line(w[0], w.Length > 1 ? Convert.FromHexString(w[1]) : []))];

    static byte[] Given(string kind) => s_lines.Single(l => l.Kind == kind).Bytes;

    [Fact]
    public void The_client_says_what_is_recorded_and_reads_the_image()
    {
        using RootClient client = new(new RootClientOptions
        {
            Image = "debian",
            ServerKey = Given("key"),
            Memory = RootClientOptions.LeastMemory,
            Boot = [.. Enumerable.Range(0x20, 16).Select(i => (byte)i)],
            Randomize = nonce =>
            {
                for (int i = 0; i < nonce.Length; i++) nonce[i] = (byte)i;
            },
        });
        byte[] image = Given("image");
        client.Connected(0);
        foreach (Line line in s_lines)
        {
            Assert.Null(client.Fault);
            switch (line.Kind)
            {
                case ">":
                    Assert.Equal(Convert.ToHexString(line.Bytes), Convert.ToHexString(client.Output[..line.Bytes.Length]));
                    client.Sent(line.Bytes.Length);
                    break;
                case "<":
                    line.Bytes.CopyTo(client.Input.Span);
                    client.Received(line.Bytes.Length, 0);
                    if (line.Bytes[0] == (byte)MessageType.PushEnd) client.Read(1, 0, 4096);
                    break;
                case "-":
                    Assert.True(client.TryTake(out CompletedRead read));
                    Assert.True(image.AsSpan(0, 4096).SequenceEqual(read.Buffer.AsSpan(0, read.Length)));
                    client.Disconnected(0, "cut");
                    client.Connected(client.ConnectAt);
                    break;
            }
        }
        Assert.Null(client.Fault);
        Assert.Equal(0, client.Output.Length);
        // The pushed block, from memory.
        client.Read(2, 8192, 100);
        Assert.True(client.TryTake(out CompletedRead last));
        Assert.True(image.AsSpan(8192).SequenceEqual(last.Buffer.AsSpan(0, last.Length)));
    }

    [Fact]
    public void The_server_says_what_is_recorded_but_for_its_nonce_and_signature()
    {
        using TestImage image = new(Given("image"));
        image.AddTrace([2]);
        ServerSession session = new(image.Parts, "test");
        byte[] buffer = new byte[Limits.Header + Limits.Body];
        List<byte> sent = [];
        byte[] hello = [];
        foreach (Line line in s_lines)
        {
            switch (line.Kind)
            {
                case ">":
                    if (line.Bytes[0] == (byte)MessageType.Hello) hello = line.Bytes[Limits.Header..];
                    line.Bytes.CopyTo(session.Input.Span);
                    session.Received(line.Bytes.Length);
                    if (session.UnansweredHello is not null) session.Welcome(image.Image);
                    break;
                case "<":
                    while (sent.Count < line.Bytes.Length)
                    {
                        int count = session.TakeNext(buffer);
                        Assert.True(count > 0, $"the server says nothing more, instead of a {(MessageType)line.Bytes[0]}");
                        sent.AddRange(buffer[..count]);
                    }
                    byte[] message = [.. sent.Take(line.Bytes.Length)];
                    sent.RemoveRange(0, line.Bytes.Length);
                    if (message[0] == (byte)MessageType.Welcome) AssertWelcome(line.Bytes, message, hello, image.Key.PublicKey);
                    else Assert.Equal(Convert.ToHexString(line.Bytes), Convert.ToHexString(message));
                    break;
                case "-":
                    session.Close("cut");
                    session = new ServerSession(image.Parts, "test");
                    break;
            }
        }
    }

    static void AssertWelcome(byte[] recorded, byte[] message, byte[] hello, byte[] key)
    {
        const int nonce = Limits.Header + 4;
        byte[] body = message[Limits.Header..];
        Assert.True(P256.Verify(key, WelcomeMessage.Transcript(hello, body.AsSpan(0, body.Length - Limits.Signature)),
            body.AsSpan(body.Length - Limits.Signature)));
        byte[] expected = [.. recorded];
        message.AsSpan(nonce, 32).CopyTo(expected.AsSpan(nonce));
        message.AsSpan(message.Length - Limits.Signature).CopyTo(expected.AsSpan(expected.Length - Limits.Signature));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(message));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0100010000000000")]
    [InlineData("FF00000000000000")]
    [InlineData("01000000FFFFFF7F")]
    [InlineData("0400000008000000" + "0000000000000000")]
    public void What_breaks_the_rules_before_the_Hello_is_refused_or_waits_for_its_rest(string hex)
    {
        using TestImage image = new(Given("image"));
        ServerSession session = new(image.Parts, "test");
        byte[] bytes = Convert.FromHexString(hex);
        bytes.CopyTo(session.Input.Span);
        session.Received(bytes.Length);
        Assert.Equal(bytes.Length >= Limits.Header, session.IsEnding);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(0, 2)]
    public void Another_major_version_is_refused_with_a_reason(byte major, byte code)
    {
        using TestImage image = new(Given("image"));
        ServerSession session = new(image.Parts, "test");
        byte[] hello = [.. s_lines.First(l => l.Kind == ">").Bytes];
        hello[Limits.Header + 8] = major;
        hello.CopyTo(session.Input.Span);
        session.Received(hello.Length);
        byte[] buffer = new byte[Limits.Header + Limits.Body];
        Assert.True(session.TakeNext(buffer) > 0);
        Assert.Equal(((byte)MessageType.Failure, code), (buffer[0], buffer[Limits.Header]));
    }

    [Fact]
    public void Reads_beyond_the_image_and_too_many_of_them_end_the_connection()
    {
        foreach ((uint first, ushort count) in new[] { (3u, (ushort)1), (2u, (ushort)2), (0u, (ushort)0), (uint.MaxValue, (ushort)2) })
        {
            using TestImage image = new(Given("image"));
            ServerSession session = new(image.Parts, "test");
            byte[] hello = s_lines.First(l => l.Kind == ">").Bytes;
            hello.CopyTo(session.Input.Span);
            session.Received(hello.Length);
            session.Welcome(image.Image);
            FrameWriter read = new();
            read.Begin(MessageType.Read).UInt64(0).UInt32(first).UInt16(count).UInt16(0).End();
            read.Written.CopyTo(session.Input.Span);
            session.Received(read.Length);
            Assert.True(session.IsEnding, $"{first} {count}");
        }
    }
}
