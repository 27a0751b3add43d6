using System.Net;
using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.Ssh;

/// <summary>Each way in which ssh fails, with the real programs.</summary>
public sealed class SshFailureTests : IAsyncLifetime
{
    SshServer _server = null!;

    public async Task InitializeAsync() => _server = await SshServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    static async Task<FrontendUnreachableException> FailAsync(SshFrontend frontend, CommandRequest? request = null)
    {
        var e = await Assert.ThrowsAsync<FrontendUnreachableException>(() => frontend.RunAsync(request ?? new CommandRequest("true"))
            .WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(("FrontendUnreachable", ErrorKind.ConnectionError, "nancy"), (e.Code, e.Kind, e.Target));
        Assert.False(string.IsNullOrEmpty(e.Recommendation));
        return e;
    }

    [SshFact]
    public async Task A_key_that_is_not_accepted()
    {
        await File.WriteAllTextAsync(Path.Combine(_server.Folder, "authorized_keys"), "");
        Assert.Equal(SshFailureReason.Authentication, (await FailAsync(_server.Open())).Reason);
    }

    [SshFact]
    public async Task Many_commands_at_a_refused_login_try_once()
    {
        await File.WriteAllTextAsync(Path.Combine(_server.Folder, "authorized_keys"), "");
        SshFrontend frontend = _server.Open();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => FailAsync(frontend)));
        Assert.Equal(1, _server.Log.Split("Connection closed by authenticating user").Length - 1);
    }

    [SshFact]
    public async Task A_name_that_nobody_has() =>
        Assert.Equal(SshFailureReason.UnknownName, (await FailAsync(_server.Open(host: "no-such-host.invalid"))).Reason);

    [SshFact]
    public async Task A_port_on_which_nothing_listens() =>
        Assert.Equal(SshFailureReason.Refused, (await FailAsync(_server.Open(port: FreePort.Find()))).Reason);

    [SshFact]
    public async Task A_host_that_does_not_answer()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        FrontendUnreachableException e = await FailAsync(_server.Open(port: ((IPEndPoint)silent.LocalEndpoint).Port));
        Assert.Equal(SshFailureReason.Timeout, e.Reason);
    }

    [SshFact]
    public async Task A_host_key_that_has_changed()
    {
        await _server.TrustAsync(_server.UserKey + ".pub");
        FrontendUnreachableException e = await FailAsync(_server.Open());
        Assert.Equal(SshFailureReason.HostKeyChanged, e.Reason);
        // The advice is a command that does what it says.
        await Processes.RunAsync("sh", "-c", e.Recommendation![e.Recommendation!.IndexOf("ssh-keygen", StringComparison.Ordinal)..]);
        Assert.Equal(SshFailureReason.HostKeyUnknown, (await FailAsync(_server.Open())).Reason);
    }

    [SshFact]
    public async Task A_host_key_that_is_not_known()
    {
        await File.WriteAllTextAsync(_server.KnownHosts, "");
        Assert.Equal(SshFailureReason.HostKeyUnknown, (await FailAsync(_server.Open())).Reason);
        Assert.Equal("", await File.ReadAllTextAsync(_server.KnownHosts));
    }

    [SshFact]
    public async Task A_gateway_that_is_overloaded_is_tried_again()
    {
        await using SshServer busy = await SshServer.StartAsync("MaxStartups 1:100:1", "LoginGraceTime 4");
        using TcpClient intruder = await OccupyAsync(busy); // until its grace time is over
        Assert.Equal(0, (await busy.Open().RunAsync(new CommandRequest("true"))).ExitStatus);
        Assert.Contains("drop connection", busy.Log, StringComparison.Ordinal);
    }

    [SshFact]
    public async Task A_gateway_that_stays_overloaded_is_given_up()
    {
        await using SshServer busy = await SshServer.StartAsync("MaxStartups 1:100:1", "LoginGraceTime 60");
        using TcpClient intruder = await OccupyAsync(busy);
        Assert.Equal(SshFailureReason.GatewayBusy, (await FailAsync(busy.Open())).Reason);
    }

    [SshFact]
    public async Task A_server_that_dies_while_a_command_runs()
    {
        SshFrontend frontend = _server.Open();
        string marker = Processes.NewMarker();
        Task<FrontendUnreachableException> failure = FailAsync(frontend, new CommandRequest("sleep", marker));
        await Processes.WaitForAsync(marker);
        _server.KillAll();
        Assert.Equal(SshFailureReason.ConnectionLost, (await failure).Reason);
        Assert.Equal(SshFailureReason.Refused, (await FailAsync(frontend)).Reason);
        await _server.StartProcessAsync();
        Assert.Equal(0, (await frontend.RunAsync(new CommandRequest("true"))).ExitStatus);
    }

    [SshFact]
    public async Task A_shared_connection_that_is_killed_is_replaced()
    {
        SshFrontend frontend = _server.Open();
        string marker = Processes.NewMarker();
        Task<FrontendUnreachableException> failure = FailAsync(frontend, new CommandRequest("sleep", marker));
        await Processes.WaitForAsync(marker);
        SignalMasters("KILL");
        Assert.Equal(SshFailureReason.ConnectionLost, (await failure).Reason);
        await Processes.WaitForEndAsync(marker);
        Assert.Equal(0, (await frontend.RunAsync(new CommandRequest("true"))).ExitStatus);
        Assert.Equal(2, _server.Logins);
    }

    [SshFact]
    public async Task A_shared_connection_that_hangs_is_replaced()
    {
        SshFrontend frontend = _server.Open(new FastTime(5));
        string marker = Processes.NewMarker();
        Task<FrontendUnreachableException> failure = FailAsync(frontend, new CommandRequest("sleep", marker) { Timeout = TimeSpan.FromHours(1) });
        await Processes.WaitForAsync(marker);
        SignalMasters("STOP");
        Assert.Equal(SshFailureReason.ConnectionLost, (await failure).Reason);
        Assert.Equal(0, (await frontend.RunAsync(new CommandRequest("true"))).ExitStatus);
    }

    [SshFact]
    public async Task A_server_that_allows_few_sessions_gets_more_logins()
    {
        await using SshServer small = await SshServer.StartAsync("MaxSessions 3");
        SshFrontend frontend = small.Open();
        CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => frontend.RunAsync(new CommandRequest("sh", "-c", $"sleep 0.5; exit {i}"))));
        Assert.Equal(Enumerable.Range(0, 8), results.Select(r => r.ExitStatus));
    }

    /// <summary>Takes the one place of a server that logs in one client at a time.</summary>
    static async Task<TcpClient> OccupyAsync(SshServer server)
    {
        while (true)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, server.Port);
            byte[] greeting = new byte[4];
            await client.GetStream().ReadExactlyAsync(greeting);
            if (greeting.SequenceEqual("SSH-"u8)) return client; // not told off: it is in
            client.Dispose();
            await Task.Delay(50);
        }
    }

    /// <summary>To the shared connections of this test: those with its configuration.</summary>
    void SignalMasters(string signal)
    {
        foreach (int id in Processes.Find(_server.ClientConfig))
            System.Diagnostics.Process.Start("kill", [$"-{signal}", id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
    }
}
