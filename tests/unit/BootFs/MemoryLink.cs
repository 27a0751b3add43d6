using WaltG5k.BootFs;

namespace WaltG5k.Tests.BootFs;

/// <summary>
/// A client and the server's side of its connection, joined by two queues of bytes that the test moves as it likes. No sockets, no time.
/// </summary>
sealed class MemoryLink(TestImage image, RootClient client)
{
    readonly List<byte> _toServer = [];
    readonly List<byte> _toClient = [];
    readonly byte[] _buffer = new byte[Limits.Header + Limits.Body];
    ServerSession? _session;

    public long Now { get; private set; }
    public ServerSession? Session => _session;
    public List<byte> ToClient => _toClient;
    public List<byte> ToServer => _toServer;
    /// <summary>Every byte that the server has sent, over all connections.</summary>
    public long SentByServer { get; private set; }

    public void Connect()
    {
        Now = Math.Max(Now, client.ConnectAt);
        _session = new ServerSession(image.Parts, "test");
        client.Connected(Now);
    }

    public void Cut(string why = "cut")
    {
        _session?.Close(why);
        _session = null;
        _toServer.Clear();
        _toClient.Clear();
        client.Disconnected(Now, why);
    }

    /// <summary>Moves at most so many bytes to the server.</summary>
    public void MoveToServer(int most)
    {
        _toServer.AddRange(client.Output);
        client.Sent(client.Output.Length);
        Move(_toServer, most, _session!.Input.Span.Length, (bytes) =>
        {
            bytes.CopyTo(_session.Input.Span);
            _session.Received(bytes.Length);
            if (_session.UnansweredHello is not HelloMessage hello) return;
            if (hello.Image != TestImage.Name) _session.Refuse(FailureCode.UnknownImage, "none");
            else if (hello.Digest is not null && !hello.Digest.AsSpan().SequenceEqual(image.Image.Digest))
                _session.Refuse(FailureCode.OtherImage, "other");
            else _session.Welcome(image.Image);
        });
    }

    /// <summary>Has the server write one message; false when it has none.</summary>
    public bool Serve()
    {
        int count = _session!.TakeNext(_buffer);
        _toClient.AddRange(_buffer.AsSpan(0, count));
        SentByServer += count;
        return count > 0;
    }

    public void MoveToClient(int most) => Move(_toClient, most, client.Input.Length, (bytes) =>
    {
        bytes.CopyTo(client.Input.Span);
        client.Received(bytes.Length, Now);
    });

    static void Move(List<byte> from, int most, int room, Action<byte[]> take)
    {
        int count = Math.Min(Math.Min(from.Count, most), room);
        if (count == 0) return;
        byte[] bytes = [.. from.Take(count)];
        from.RemoveRange(0, count);
        take(bytes);
    }

    /// <summary>Moves everything until nobody has anything to say.</summary>
    public void Settle()
    {
        bool isMoving = true;
        while (isMoving && _session is not null)
        {
            isMoving = client.Output.Length > 0 || _toServer.Count > 0;
            MoveToServer(int.MaxValue);
            while (Serve()) isMoving = true;
            isMoving |= _toClient.Count > 0;
            while (_toClient.Count > 0 && client.Fault is null) MoveToClient(int.MaxValue);
            if (client.Fault is string fault) Cut(fault);
        }
    }

    /// <summary>Reads and gives the bytes; null when the read failed. Connects again as often as needed.</summary>
    public byte[]? Read(long offset, int length)
    {
        client.Read(1, offset, length);
        for (int tries = 0; tries < 20; tries++)
        {
            if (client.TryTake(out CompletedRead read)) return read.Buffer?.AsSpan(0, read.Length).ToArray();
            if (!client.IsConnected) Connect();
            Settle();
        }
        throw new InvalidOperationException($"the read does not end: {client.Fault}");
    }
}
