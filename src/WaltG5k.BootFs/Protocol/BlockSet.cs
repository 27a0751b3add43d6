using System.Numerics;

namespace WaltG5k.BootFs;

/// <summary>A set of blocks of one image, one bit each.</summary>
sealed class BlockSet(uint blocks)
{
    readonly byte[] _bits = new byte[(blocks + 7) / 8];

    public uint Blocks => blocks;
    public bool this[uint block] => (_bits[block >> 3] & (1 << (int)(block & 7))) != 0;

    /// <summary>False when it was there already.</summary>
    public bool Add(uint block)
    {
        if (this[block]) return false;
        _bits[block >> 3] |= (byte)(1 << (int)(block & 7));
        return true;
    }

    public void Remove(uint block) => _bits[block >> 3] &= (byte)~(1 << (int)(block & 7));

    public uint Count()
    {
        uint count = 0;
        foreach (byte part in _bits) count += (uint)BitOperations.PopCount(part);
        return count;
    }

    /// <summary>Writes it as Have messages.</summary>
    public void WriteHaves(FrameWriter writer)
    {
        for (uint first = 0; first < blocks; first += Limits.BlocksPerHave)
        {
            uint count = Math.Min(Limits.BlocksPerHave, blocks - first);
            writer.Begin(MessageType.Have).UInt32(first).UInt32(count).Bytes(_bits.AsSpan((int)(first >> 3), (int)((count + 7) >> 3))).End();
        }
    }

    /// <summary>Adds what a Have says.</summary>
    public void ReadHave(ref Frame frame)
    {
        uint first = frame.UInt32(), count = frame.UInt32();
        if (count == 0 || count > Limits.BlocksPerHave || (first & 7) != 0 || first >= blocks || count > blocks - first)
            throw new ProtocolException("a Have of blocks that are not there");
        ReadOnlySpan<byte> bits = frame.Bytes((int)((count + 7) >> 3));
        frame.Finish();
        for (int i = 0; i < bits.Length; i++) _bits[(int)(first >> 3) + i] |= bits[i];
    }
}
