using System.Text;

namespace WaltG5k.Core.Walt.Images;

/// <summary>Reads on, and keeps the beginning of what was read: where an archive was expected and a complaint came, it is the reason.</summary>
sealed class HeadStream(Stream inner) : Stream
{
    const int Kept = 1024;

    readonly List<byte> _head = [];

    /// <summary>The beginning as text; empty where it is none.</summary>
    public string Text
    {
        get
        {
            string text = Encoding.UTF8.GetString([.. _head.TakeWhile(b => b != 0)]);
            return text.All(c => !char.IsControl(c) || char.IsWhiteSpace(c)) ? text.Trim() : "";
        }
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (_head.Count < Kept) _head.AddRange(buffer.Span[..Math.Min(count, Kept - _head.Count)]);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
