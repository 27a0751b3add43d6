using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using WaltG5k.BootFs;

namespace WaltG5k.Tests.BootFs;

/// <summary>
/// Drives a client over a real socket. Its clock is the machine's, except that it never waits for the next attempt to connect: the clock jumps there.
/// </summary>
sealed class LoopbackClient(RootClient client, IPEndPoint server) : IAsyncDisposable
{
    readonly Stopwatch _watch = Stopwatch.StartNew();
    readonly SemaphoreSlim _lock = new(1, 1);
    readonly Dictionary<ulong, TaskCompletionSource<byte[]?>> _reads = [];
    readonly CancellationTokenSource _ending = new();
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task _loop = Task.CompletedTask;
    long _jumped;
    ulong _cookie;

    public RootClient Client => client;
    public IPEndPoint Server { get; set; } = server;
    /// <summary>Faults and failures to connect, in their order.</summary>
    public List<string> Breaks { get; } = [];
    public Task Ready => _ready.Task;

    long Now => _watch.ElapsedMilliseconds + _jumped;

    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>The bytes, or null when the read failed.</summary>
    public async Task<byte[]?> ReadAsync(long offset, int length)
    {
        TaskCompletionSource<byte[]?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _lock.WaitAsync();
        try
        {
            _reads[++_cookie] = done;
            client.Read(_cookie, offset, length);
            HandOut();
        }
        finally
        {
            _lock.Release();
        }
        _wake.TrySetResult();
        return await done.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    async Task LoopAsync()
    {
        try
        {
            while (!_ending.IsCancellationRequested) await ConnectOnceAsync();
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
        catch (Exception e)
        {
            _ready.TrySetException(e);
            foreach (TaskCompletionSource<byte[]?> read in _reads.Values) read.TrySetException(e);
        }
    }

    async Task ConnectOnceAsync()
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        string why = "closed by the server";
        try
        {
            if (Now < client.ConnectAt)
            {
                _jumped += client.ConnectAt - Now;
                // Somebody else must run meanwhile, or a server that is away would be asked without pause.
                await Task.Delay(5, _ending.Token);
            }
            await socket.ConnectAsync(Server, _ending.Token);
            await LockedAsync(() => client.Connected(Now));
            byte[] buffer = new byte[64 * 1024];
            Task<int> receiving = socket.ReceiveAsync(buffer, _ending.Token).AsTask();
            while (true)
            {
                TaskCompletionSource wake = _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await FlushAsync(socket);
                await Task.WhenAny(receiving, wake.Task, Task.Delay(1000, _ending.Token));
                if (!receiving.IsCompleted)
                {
                    await LockedAsync(() => client.Tick(Now));
                    if (client.Fault is null) continue;
                }
                else
                {
                    int count = await receiving;
                    if (count == 0) break;
                    await LockedAsync(() => Take(buffer.AsSpan(0, count)));
                }
                if (client.Fault is string fault)
                {
                    why = fault;
                    break;
                }
                receiving = socket.ReceiveAsync(buffer, _ending.Token).AsTask();
            }
        }
        catch (SocketException e)
        {
            why = e.SocketErrorCode.ToString();
        }
        Breaks.Add(why);
        if (client.Refusal is (FailureCode code, _) && code is FailureCode.UnknownImage or FailureCode.OtherImage)
            _ready.TrySetException(new InvalidOperationException(why));
        await LockedAsync(() => client.Disconnected(Now, why));
    }

    void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && client.Fault is null)
        {
            int count = Math.Min(bytes.Length, client.Input.Length);
            bytes[..count].CopyTo(client.Input.Span);
            client.Received(count, Now);
            bytes = bytes[count..];
        }
        if (client.IsReady) _ready.TrySetResult();
    }

    async Task FlushAsync(Socket socket)
    {
        byte[] output = [];
        await LockedAsync(() =>
        {
            output = client.Output.ToArray();
            client.Sent(output.Length);
        });
        if (output.Length > 0) await socket.SendAsync(output, _ending.Token);
    }

    async Task LockedAsync(Action action)
    {
        await _lock.WaitAsync();
        try
        {
            action();
            HandOut();
        }
        finally
        {
            _lock.Release();
        }
    }

    void HandOut()
    {
        while (client.TryTake(out CompletedRead read))
        {
            _reads.Remove(read.Cookie, out TaskCompletionSource<byte[]?>? done);
            done!.TrySetResult(read.Buffer?.AsSpan(0, read.Length).ToArray());
            if (read.Buffer is not null) ArrayPool<byte>.Shared.Return(read.Buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loop;
        client.Dispose();
        _ending.Dispose();
        _lock.Dispose();
    }
}
