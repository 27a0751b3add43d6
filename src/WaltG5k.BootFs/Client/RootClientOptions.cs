namespace WaltG5k.BootFs;

/// <summary>What a client is told at its start.</summary>
sealed record RootClientOptions
{
    public required string Image { get; init; }
    /// <summary>The image's digest, where the boot script pins it; null: whatever the server's signature names.</summary>
    public byte[]? Digest { get; init; }
    /// <summary>The server's public key, 33 bytes.</summary>
    public required byte[] ServerKey { get; init; }
    public const long LeastMemory = 1 << 20;

    /// <summary>Bytes of blocks that are held at a time. Reads under way take up to 4 MiB besides, the hash list 0.2 % of the image.</summary>
    public long Memory { get; init => field = Math.Max(value, LeastMemory); } = 64 << 20;
    /// <summary>False: nothing is to be sent ahead.</summary>
    public bool Speculates { get; init; } = true;
    /// <summary>Names this boot among others, 16 bytes.</summary>
    public required byte[] Boot { get; init; }
    /// <summary>Fills with bytes that nobody can guess.</summary>
    public required Action<byte[]> Randomize { get; init; }
    public Action<string> Log { get; init; } = _ => { };
}

/// <summary>A read that is done; its buffer, of the shared pool and longer than asked for, is the taker's to give back.</summary>
/// <param name="Cookie">What the caller gave.</param>
/// <param name="Buffer">Its bytes; null when it failed.</param>
readonly record struct CompletedRead(ulong Cookie, byte[]? Buffer, int Length)
{
    public bool IsFailed => Buffer is null;
}
