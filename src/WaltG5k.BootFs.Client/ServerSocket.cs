using System.Buffers.Binary;
using System.Globalization;

namespace WaltG5k.BootFs;

/// <summary>The connection to the server: never blocks.</summary>
sealed unsafe class ServerSocket : IDisposable
{
    const int Family = 2, StreamNonBlockingCloseOnExec = 1 | 0x800 | 0x80000, SocketLevel = 1, ErrorOption = 4, TcpLevel = 6, NoDelay = 1,
        NoSignal = 0x4000;
    /// <summary>How long bytes may stay unacknowledged, in ms, before the kernel gives the connection up.</summary>
    const int UserTimeout = 18;

    readonly byte[] _address = new byte[16];

    /// <param name="server">An IPv4 address, <c>:</c> and a port; the port may be missing.</param>
    public ServerSocket(string server)
    {
        int colon = server.IndexOf(':', StringComparison.Ordinal);
        string[] parts = (colon < 0 ? server : server[..colon]).Split('.');
        ushort port = Limits.Port;
        if (parts.Length != 4 || (colon >= 0 && !ushort.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out port)))
            throw new UsageException($"'{server}' is no IPv4 address and port");
        _address[0] = Family;
        BinaryPrimitives.WriteUInt16BigEndian(_address.AsSpan(2), port);
        for (int i = 0; i < 4; i++)
        {
            if (!byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out _address[4 + i]))
                throw new UsageException($"'{server}' is no IPv4 address and port");
        }
    }

    public int File { get; private set; } = -1;
    public bool IsOpen => File >= 0;

    /// <summary>Begins to connect; the file is ready for writing when it is done.</summary>
    public string? Begin()
    {
        File = Libc.Socket(Family, StreamNonBlockingCloseOnExec, 0);
        if (File < 0) return Libc.Failure("socket").Message;
        int one = 1, limit = 15_000;
        Libc.SetOption(File, TcpLevel, NoDelay, &one, sizeof(int));
        Libc.SetOption(File, TcpLevel, UserTimeout, &limit, sizeof(int));
        fixed (byte* address = _address)
        {
            if (Libc.Connect(File, address, _address.Length) >= 0 || Libc.LastError == Libc.InProgress) return null;
        }
        return Libc.Failure("connect").Message;
    }

    /// <summary>Whether connecting went well, once the file is ready; null then.</summary>
    public string? Finish()
    {
        int error = 0, length = sizeof(int);
        Libc.GetOption(File, SocketLevel, ErrorOption, &error, &length);
        return error == 0 ? null : $"connect: error {error}";
    }

    /// <summary>Bytes sent; 0 when it takes none now; null when the connection is broken.</summary>
    public int? Send(ReadOnlySpan<byte> data)
    {
        nint count;
        fixed (byte* start = data) count = Libc.Send(File, start, data.Length, NoSignal);
        return count >= 0 ? (int)count : Libc.LastError is Libc.Again or Libc.Interrupted ? 0 : null;
    }

    /// <summary>Bytes received; -1 when there are none now; 0 at the end; null when the connection is broken.</summary>
    public int? Receive(Span<byte> target)
    {
        nint count;
        fixed (byte* start = target) count = Libc.Receive(File, start, target.Length, 0);
        return count >= 0 ? (int)count : Libc.LastError is Libc.Again or Libc.Interrupted ? -1 : null;
    }

    public void Close()
    {
        if (File >= 0) Libc.Close(File);
        File = -1;
    }

    public void Dispose() => Close();
}
