namespace WaltG5k.BootFs;

/// <summary>The limits of the protocol, version 1. Both sides refuse what is beyond. See docs/bootfs-protocol.md.</summary>
static class Limits
{
    public const ushort MajorVersion = 1;
    public const ushort MinorVersion = 0;
    public const int Port = 5960;

    /// <summary>The bytes before each message's body: type, flags, two of zero, length.</summary>
    public const int Header = 8;
    /// <summary>The longest body.</summary>
    public const int Body = 256 * 1024 + 64;
    /// <summary>The longest run of blocks in one message.</summary>
    public const int Run = 256 * 1024;
    /// <summary>
    /// The longest run that is pushed in one message: a read that is asked for waits behind no more than one that is being written.
    /// </summary>
    public const int PushedRun = 64 * 1024;

    public const int SmallestBlock = 4096;
    public const int LargestBlock = 64 * 1024;
    public const int DefaultBlock = 16 * 1024;
    public const long Image = 64L << 30;
    public const int ImageName = 128;

    /// <summary>Leaf hashes in one page of the hash list.</summary>
    public const int LeavesPerPage = 128;
    public const int Hash = 32;
    public const int Signature = 64;
    public const int PublicKey = 33;

    /// <summary>Blocks that a client may have asked for and not have got.</summary>
    public const int WantedBlocks = 16 * 1024;
    /// <summary>Ranges in one Read.</summary>
    public const int RangesPerRead = 128;
    /// <summary>Blocks in one Have.</summary>
    public const int BlocksPerHave = 1 << 20;
    public const int FailureText = 500;
}
