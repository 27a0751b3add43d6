using System.Buffers.Binary;

namespace WaltG5k.BootFs;

sealed partial class ServerSession
{
    /// <summary>Puts the next message into the buffer (header and longest body fit in); its length, or 0 when there is nothing to send now.</summary>
    /// <exception cref="IOException">The image cannot be read.</exception>
    public int TakeNext(byte[] buffer)
    {
        if (_control.Length > 0)
        {
            int count = Math.Min(_control.Length, buffer.Length);
            _control.Written[..count].CopyTo(buffer);
            _control.Consume(count);
            return count;
        }
        if (_isEnding || _image is null || !_isStarted) return 0;
        if (_wanted.TryPeek((uint)(Limits.Run / _image.Shape.BlockSize), out BlockRange wanted)) return TakeWanted(buffer, wanted);
        return _pushEnded ? 0 : TakePushed(buffer);
    }

    int TakeWanted(byte[] buffer, BlockRange run)
    {
        if (TakeLeaves(buffer, run.First, run.Count) is int leaves and > 0) return leaves;
        _wanted.Take(run.Count);
        DemandedBytes += (ulong)_image!.Shape.LengthOf(run.First, run.Count);
        for (uint block = run.First; block < run.First + run.Count; block++) _known!.Add(block);
        return WriteData(buffer, run, 0, 0);
    }

    int TakePushed(byte[] buffer)
    {
        if (!_plan!.TryPeek(_known!, (uint)(Limits.PushedRun / _image!.Shape.BlockSize), out BlockRange run))
        {
            _pushEnded = true;
            _control.Begin(MessageType.PushEnd).UInt64(PushedBytes).End();
            return TakeNext(buffer);
        }
        int length = (int)_image.Shape.LengthOf(run.First, run.Count);
        if (PushedBytes + (ulong)length > _credit && run.Count > 1)
        {
            run = run with { Count = 1 };
            length = _image.Shape.LengthOf(run.First);
        }
        if (PushedBytes + (ulong)length > _credit || !_window.MaySend(length)) return 0;
        if (TakeLeaves(buffer, run.First, run.Count) is int leaves and > 0) return leaves;
        PushedBytes += (ulong)length;
        _window.NoteSent(length);
        for (uint block = run.First; block < run.First + run.Count; block++)
        {
            _known!.Add(block);
            _pushedAt[block] = PushedBytes;
        }
        return WriteData(buffer, run, MessageFlags.Pushed, PushedBytes);
    }

    /// <summary>The hashes of the blocks, where they were not sent before: page by page, until it gives 0.</summary>
    int TakeLeaves(byte[] buffer, uint first, uint count)
    {
        for (uint page = first / Limits.LeavesPerPage; page <= (first + count - 1) / Limits.LeavesPerPage; page++)
        {
            if (!_leavesSent!.Add(page)) continue;
            FrameWriter writer = new(Limits.Header + 4 + Limits.LeavesPerPage * Limits.Hash);
            writer.Begin(MessageType.Leaves).UInt32(page);
            _image!.ReadLeaves((int)page, writer.Take(_image.Shape.LeavesOf((int)page) * Limits.Hash));
            writer.End();
            writer.Written.CopyTo(buffer);
            return writer.Length;
        }
        return 0;
    }

    int WriteData(byte[] buffer, BlockRange run, byte flags, ulong number)
    {
        int length = (int)_image!.Shape.LengthOf(run.First, run.Count);
        FrameWriter writer = new(Limits.Header + 16);
        writer.Begin(MessageType.Data, flags).UInt32(run.First).UInt16((ushort)run.Count).UInt16(0).UInt64(number).End();
        writer.Written.CopyTo(buffer);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(4), 16 + length);
        _image.ReadBlocks(run.First, buffer.AsSpan(Limits.Header + 16, length));
        return Limits.Header + 16 + length;
    }
}
