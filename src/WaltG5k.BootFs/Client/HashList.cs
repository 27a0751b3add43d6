namespace WaltG5k.BootFs;

/// <summary>
/// The hashes of an image as the client gets them: those of the pages first, checked against the digest; then pages as blocks need them.
/// </summary>
sealed class HashList(ImageShape shape, byte[] digest)
{
    readonly byte[] _pages = new byte[shape.Pages * Limits.Hash];
    readonly byte[]?[] _leaves = new byte[]?[shape.Pages];
    int _received;

    /// <summary>Whether all hashes of pages are there, and right.</summary>
    public bool IsComplete { get; private set; }

    public void AddPages(ref Frame frame)
    {
        uint first = frame.UInt32();
        ReadOnlySpan<byte> hashes = frame.Rest;
        if (IsComplete || first != _received || hashes.Length == 0 || hashes.Length % Limits.Hash != 0
            || hashes.Length / Limits.Hash > shape.Pages - _received)
            throw new ProtocolException("hashes of pages out of order");
        hashes.CopyTo(_pages.AsSpan(_received * Limits.Hash));
        _received += hashes.Length / Limits.Hash;
        if (_received < shape.Pages) return;
        if (!shape.HashImage(_pages).AsSpan().SequenceEqual(digest)) throw new ProtocolException("the hash list is not that of the image");
        IsComplete = true;
    }

    public void AddLeaves(ref Frame frame)
    {
        int page = (int)frame.UInt32();
        if (!IsComplete || page < 0 || page >= shape.Pages) throw new ProtocolException("block hashes of no page");
        ReadOnlySpan<byte> leaves = frame.Rest;
        if (_leaves[page] is not null) return;
        if (leaves.Length != shape.LeavesOf(page) * Limits.Hash
            || !ImageShape.HashPage(leaves).AsSpan().SequenceEqual(_pages.AsSpan(page * Limits.Hash, Limits.Hash)))
            throw new ProtocolException($"the block hashes of page {page} are damaged");
        _leaves[page] = leaves.ToArray();
    }

    /// <summary>Whether a block is what the image's digest says.</summary>
    /// <exception cref="ProtocolException">Its hash was not sent before it.</exception>
    public bool IsRight(uint block, ReadOnlySpan<byte> data)
    {
        byte[] leaves = _leaves[block / Limits.LeavesPerPage] ?? throw new ProtocolException($"block {block} came before its hash");
        return ImageShape.HashBlock(data).AsSpan().SequenceEqual(leaves.AsSpan((int)(block % Limits.LeavesPerPage) * Limits.Hash, Limits.Hash));
    }

    public bool Knows(uint block) => _leaves[block / Limits.LeavesPerPage] is not null;
}
