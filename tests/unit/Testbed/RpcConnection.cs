using System.Net;
using System.Net.Sockets;
using System.Text;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Tests.Testbed;

/// <summary>The client's end of the text mode, line by line as it goes over the wire.</summary>
sealed class RpcConnection : IDisposable
{
    readonly TcpClient _client = new();
    readonly VirtualClock _clock;
    readonly CancellationToken _limit;
    StreamReader _reader = null!;

    RpcConnection(VirtualClock clock, CancellationToken limit)
    {
        _clock = clock;
        _limit = limit;
    }

    /// <param name="clock">It moves while an answer is waited for.</param>
    public static async Task<RpcConnection> OpenAsync(IPEndPoint endpoint, string api, VirtualClock clock, CancellationToken limit)
    {
        RpcConnection connection = new(clock, limit);
        await connection._client.ConnectAsync(endpoint, limit);
        connection._reader = new StreamReader(connection._client.GetStream(), Encoding.UTF8);
        await connection.SendAsync("10");
        await connection.SendAsync(api);
        Assert.Equal("10.0", await connection.ReadAsync());
        return connection;
    }

    public async Task SendAsync(string line) => await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), _limit);

    public async Task<string?> ReadAsync()
    {
        using IDisposable awaited = _clock.Await();
        try
        {
            return await _reader.ReadLineAsync(_limit).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Makes a call and answers the callbacks, of which the lines are kept in <see cref="Callbacks"/>; gives the line of the result.
    /// </summary>
    public async Task<string?> CallAsync(string call, string user = "walt-g5k", string? hook = null)
    {
        await SendAsync(call);
        return await AnswerAsync(user, hook);
    }

    public List<string> Callbacks { get; } = [];

    public async Task<string?> AnswerAsync(string user = "walt-g5k", string? hook = null)
    {
        while (await ReadAsync() is string line)
        {
            if (!line.StartsWith("('API_CALL', ", StringComparison.Ordinal)) return line;
            Callbacks.Add(line["('API_CALL', ".Length..]);
            await SendAsync($"('RESULT', {Answer(line.Split('\'')[3], user, hook)})");
        }
        return null;
    }

    /// <summary>Nothing comes within a moment.</summary>
    public async Task<bool> IsSilentAsync()
    {
        Task<string?> read = ReadAsync();
        return await Task.WhenAny(read, Task.Delay(150, _limit)) != read;
    }

    public void Dispose() => _client.Dispose();

    static string Answer(string path, string user, string? hook) => path switch
    {
        "get_username" => $"'{user}'",
        "has_hook" => hook is null ? "False" : "True",
        "get_hard_reboot_method_name" => "'kareboot3'",
        "hard_reboot_nodes" => hook!,
        _ => "None",
    };
}
