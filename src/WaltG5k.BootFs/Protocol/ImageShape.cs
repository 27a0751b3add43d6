namespace WaltG5k.BootFs;

/// <summary>How an image is cut: into blocks of one size, the last one shorter, and pages of 128 block hashes.</summary>
sealed record ImageShape(long Size, int BlockSize)
{
    static ReadOnlySpan<byte> Label => "waltg5k-bootfs 1 image\n"u8;

    public uint Blocks { get; } = (uint)((Size + BlockSize - 1) / BlockSize);
    public int Pages => (int)((Blocks + Limits.LeavesPerPage - 1) / Limits.LeavesPerPage);

    public int LengthOf(uint block) => block == Blocks - 1 ? (int)(Size - (long)block * BlockSize) : BlockSize;
    /// <summary>The bytes of a run of blocks, all within the image.</summary>
    public long LengthOf(uint first, uint count) => Math.Min(Size, (long)(first + count) * BlockSize) - (long)first * BlockSize;
    public long OffsetOf(uint block) => (long)block * BlockSize;
    public int LeavesOf(int page) => (int)Math.Min(Limits.LeavesPerPage, Blocks - (uint)page * Limits.LeavesPerPage);
    public bool Contains(uint first, uint count) => count > 0 && first < Blocks && count <= Blocks - first;

    /// <exception cref="ProtocolException">Sizes that the protocol does not allow.</exception>
    public static ImageShape Create(ulong size, uint blockSize)
    {
        if (size == 0 || size > Limits.Image) throw new ProtocolException($"an image of {size} bytes");
        if (!IsBlockSize(blockSize)) throw new ProtocolException($"blocks of {blockSize} bytes");
        return new ImageShape((long)size, (int)blockSize);
    }

    public static bool IsBlockSize(long size) => size is >= Limits.SmallestBlock and <= Limits.LargestBlock && (size & (size - 1)) == 0;

    /// <summary>The hash of one block.</summary>
    public static byte[] HashBlock(ReadOnlySpan<byte> block)
    {
        Sha256 hash = new();
        hash.Append([0]);
        hash.Append(block);
        return hash.Finish();
    }

    /// <summary>The hash of one page of block hashes.</summary>
    public static byte[] HashPage(ReadOnlySpan<byte> leaves)
    {
        Sha256 hash = new();
        hash.Append([1]);
        hash.Append(leaves);
        return hash.Finish();
    }

    /// <summary>The image's digest: the hash of its sizes and of its pages' hashes.</summary>
    public byte[] HashImage(ReadOnlySpan<byte> pages)
    {
        Sha256 hash = new();
        hash.Append(Label);
        hash.AppendUInt64((ulong)Size);
        hash.AppendUInt64((ulong)BlockSize);
        hash.Append(pages);
        return hash.Finish();
    }
}
