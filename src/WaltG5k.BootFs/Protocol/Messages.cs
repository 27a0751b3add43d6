namespace WaltG5k.BootFs;

/// <summary>The client's first message: which image it wants, and whether it goes on after an outage.</summary>
sealed record HelloMessage
{
    public static ReadOnlySpan<byte> Magic => "WG5KBOOT"u8;

    public ushort Major { get; init; } = Limits.MajorVersion;
    public ushort Minor { get; init; } = Limits.MinorVersion;
    public bool Resumes { get; init; }
    public bool WantsNoPush { get; init; }
    public required byte[] Nonce { get; init; }
    /// <summary>The same for all connections of one boot, 16 bytes.</summary>
    public required byte[] Boot { get; init; }
    /// <summary>Bytes that may be pushed before the first Credit.</summary>
    public ulong PushLimit { get; init; }
    public required string Image { get; init; }
    /// <summary>Null: whichever image has the name.</summary>
    public byte[]? Digest { get; init; }

    public void Write(FrameWriter writer)
    {
        writer.Begin(MessageType.Hello, (byte)((Resumes ? MessageFlags.Resume : 0) | (WantsNoPush ? MessageFlags.NoPush : 0)));
        writer.Bytes(Magic).UInt16(Major).UInt16(Minor).Bytes(Nonce).Bytes(Boot).UInt64(PushLimit).Text(Image);
        writer.Byte((byte)(Digest is null ? 0 : 1));
        if (Digest is not null) writer.Bytes(Digest);
        writer.End();
    }

    /// <summary>Of a later minor version more may follow, which is passed over.</summary>
    public static HelloMessage Read(ref Frame frame)
    {
        if (!frame.Bytes(Magic.Length).SequenceEqual(Magic)) throw new ProtocolException("no WaltG5k boot file system client");
        ushort major = frame.UInt16(), minor = frame.UInt16();
        if (major != Limits.MajorVersion)
            throw new ProtocolException($"version {major} is not spoken here, only {Limits.MajorVersion}") { Code = FailureCode.VersionNotSupported };
        HelloMessage hello = new()
        {
            Major = major,
            Minor = minor,
            Resumes = (frame.Flags & MessageFlags.Resume) != 0,
            WantsNoPush = (frame.Flags & MessageFlags.NoPush) != 0,
            Nonce = frame.Bytes(32).ToArray(),
            Boot = frame.Bytes(16).ToArray(),
            PushLimit = frame.UInt64(),
            Image = frame.Text(Limits.ImageName),
            Digest = frame.Byte() == 0 ? null : frame.Bytes(Limits.Hash).ToArray(),
        };
        if (minor <= Limits.MinorVersion) frame.Finish();
        if (hello.Resumes && hello.Digest is null) throw new ProtocolException("a Hello that resumes without a digest");
        return hello;
    }
}

/// <summary>The server's first message; its signature covers the client's Hello and all of itself before the signature.</summary>
sealed record WelcomeMessage
{
    static ReadOnlySpan<byte> Label => "waltg5k-bootfs 1 welcome\n"u8;

    public ushort Major { get; init; } = Limits.MajorVersion;
    public ushort Minor { get; init; } = Limits.MinorVersion;
    public required byte[] Nonce { get; init; }
    public required byte[] Digest { get; init; }
    public required ImageShape Shape { get; init; }
    public TraceState Trace { get; init; }
    /// <summary>The bytes of the trace's blocks.</summary>
    public ulong TraceBytes { get; init; }

    /// <summary>Writes it up to its signature; <see cref="FrameWriter.OpenBody"/> is then what is signed.</summary>
    public void WriteUnsigned(FrameWriter writer) => writer.Begin(MessageType.Welcome).UInt16(Major).UInt16(Minor).Bytes(Nonce).Bytes(Digest)
        .UInt64((ulong)Shape.Size).UInt32((uint)Shape.BlockSize).Byte((byte)Trace).UInt64(TraceBytes);

    /// <summary>What the signature is made over.</summary>
    public static byte[] Transcript(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> welcome)
    {
        Sha256 hash = new();
        hash.Append(Label);
        hash.AppendUInt64((ulong)hello.Length);
        hash.Append(hello);
        hash.Append(welcome);
        return hash.Finish();
    }

    /// <param name="signed">All of the body before the signature.</param>
    public static WelcomeMessage Read(ref Frame frame, out ReadOnlySpan<byte> signed, out ReadOnlySpan<byte> signature)
    {
        WelcomeMessage welcome = new()
        {
            Major = frame.UInt16(),
            Minor = frame.UInt16(),
            Nonce = frame.Bytes(32).ToArray(),
            Digest = frame.Bytes(Limits.Hash).ToArray(),
            Shape = ImageShape.Create(frame.UInt64(), frame.UInt32()),
            Trace = (TraceState)frame.Byte(),
            TraceBytes = frame.UInt64(),
        };
        if (welcome.Major != Limits.MajorVersion) throw new ProtocolException($"the server speaks version {welcome.Major}");
        if (frame.Rest.Length < Limits.Signature) throw new ProtocolException("a Welcome without signature");
        // A later minor version may have more between here and the signature.
        frame.Bytes(frame.Rest.Length - Limits.Signature);
        signature = frame.Bytes(Limits.Signature);
        signed = frame.Body[..^Limits.Signature];
        return welcome;
    }
}

/// <summary>
/// What a client tells of its boot: bytes pushed to it, of them read, bytes got on demand, reads, of them those that had to wait, damaged blocks.
/// </summary>
readonly record struct BootCounts(ulong PushedBytes, ulong UsedBytes, ulong DemandedBytes, ulong Reads, ulong Waits, ulong Damaged)
{
    public void Write(FrameWriter writer) => writer.Begin(MessageType.Report).UInt64(PushedBytes).UInt64(UsedBytes).UInt64(DemandedBytes)
        .UInt64(Reads).UInt64(Waits).UInt64(Damaged).End();

    public static BootCounts Read(ref Frame frame) =>
        new(frame.UInt64(), frame.UInt64(), frame.UInt64(), frame.UInt64(), frame.UInt64(), frame.UInt64());
}
