using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;

namespace WaltG5k.Tests.Walt;

/// <summary>A front-end as it is, that keeps what goes over the RPC connections made through it, line by line.</summary>
sealed class RecordedRpc(IFrontend inner) : IFrontend
{
    readonly List<string> _sent = [];
    readonly List<string> _received = [];

    public IReadOnlyList<string> Sent => Copy(_sent);
    public IReadOnlyList<string> Received => Copy(_received);

    public string Site => inner.Site;
    public string Name => inner.Name;
    public NodeGate Gate => inner.Gate;

    public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default) =>
        inner.RunAsync(request, onLine, cancellationToken);

    public Task<int> RunInteractiveAsync(CommandRequest request, ITerminal terminal, CancellationToken cancellationToken = default) =>
        inner.RunInteractiveAsync(request, terminal, cancellationToken);

    public Task<IRunningProgram?> StartAsync(CommandRequest request, CancellationToken cancellationToken = default) =>
        inner.StartAsync(request, cancellationToken);

    public async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        Stream stream = await inner.ConnectAsync(host, port, cancellationToken);
        return port == WaltServer.RpcPort ? new Tap(stream, new LineKeeper(_sent), new LineKeeper(_received)) : stream;
    }

    static IReadOnlyList<string> Copy(List<string> lines)
    {
        lock (lines) return [.. lines];
    }

    sealed class LineKeeper(List<string> lines)
    {
        readonly List<byte> _open = [];

        public void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (byte b in bytes)
            {
                if (b != '\n')
                {
                    _open.Add(b);
                    continue;
                }
                lock (lines) lines.Add(Encoding.UTF8.GetString([.. _open]));
                _open.Clear();
            }
        }
    }

    sealed class Tap(Stream inner, LineKeeper sent, LineKeeper received) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await inner.ReadAsync(buffer, cancellationToken);
            received.Add(buffer.Span[..count]);
            return count;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            sent.Add(buffer.Span);
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
