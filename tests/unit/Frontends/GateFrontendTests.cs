using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Frontends.Ssh;

namespace WaltG5k.Tests.Frontends;

/// <summary>Channels through an ssh client; a shell command plays it.</summary>
public sealed class GateFrontendTests
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    static GateFrontend Create(string client) => new("user@gate", null, "sh", "-c", client);

    [Fact]
    public async Task A_channel_is_the_clients_input_and_output()
    {
        using CancellationTokenSource limit = new(s_limit);
        await using Stream channel = await Create("head -c 4; exec sleep 60").ConnectAsync("server", 12345, limit.Token);
        await channel.WriteAsync("ping"u8.ToArray(), limit.Token);
        await channel.FlushAsync(limit.Token);
        byte[] answer = new byte[4];
        await channel.ReadExactlyAsync(answer, limit.Token);
        Assert.Equal("ping", Encoding.ASCII.GetString(answer));
    }

    [Theory]
    [InlineData("channel 0: open failed: connect failed: Connection refused", "ChannelRefused")]
    [InlineData("user@gate: Permission denied (publickey).", "FrontendUnreachable")]
    public async Task A_client_that_fails_is_an_error_at_the_first_read(string words, string code)
    {
        using CancellationTokenSource limit = new(s_limit);
        await using Stream channel = await Create($"echo '{words}' >&2; exit 255").ConnectAsync("server", 12345, limit.Token);
        G5kException failure = await Assert.ThrowsAsync<G5kException>(() => channel.ReadAsync(new byte[4], limit.Token).AsTask());
        Assert.Equal(code, failure.Code);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Contains("ssh user@gate", failure.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_that_ends_is_no_error()
    {
        using CancellationTokenSource limit = new(s_limit);
        await using Stream channel = await Create("exit 0").ConnectAsync("server", 12345, limit.Token);
        Assert.Equal(0, await channel.ReadAsync(new byte[4], limit.Token));
    }
}
