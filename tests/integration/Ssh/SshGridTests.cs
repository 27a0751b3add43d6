using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.Ssh;

/// <summary>A whole grid over ssh, and the process that holds it.</summary>
public sealed class SshGridTests : IAsyncLifetime
{
    SshServer _server = null!;

    public async Task InitializeAsync() => _server = await SshServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    SshGridOptions Options => new()
    {
        Sites = ["nancy"],
        SshConfig = _server.ClientConfig,
        Destinations = new Dictionary<string, string> { ["nancy"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_server.Port}") },
    };

    [SshFact]
    public async Task The_user_is_the_one_of_the_configuration()
    {
        await _server.ConfigureClientAsync("User jdoe");
        await using SshGrid grid = await SshGrid.OpenAsync(Options);
        Assert.Equal("jdoe", grid.User);
        await using SshGrid other = await SshGrid.OpenAsync(Options with { UserName = "other" });
        Assert.Equal("other", other.User);
    }

    [SshFact]
    public async Task Names_that_the_configuration_explains_are_used()
    {
        await _server.ConfigureClientAsync("Host *.g5k", "HostName 127.0.0.1", $"Port {_server.Port}");
        await using SshGrid grid = await SshGrid.OpenAsync(Options with { Destinations = new Dictionary<string, string>() });
        Assert.EndsWith(" nancy.g5k", ((SshFrontend)grid.GetFrontend("nancy")).Destination, StringComparison.Ordinal);
        Assert.Equal(0, (await grid.GetFrontend("rennes").RunAsync(new CommandRequest("true"))).ExitStatus);
    }

    [SshFact]
    public async Task The_words_that_connect_again_tell_all_options()
    {
        await using SshGrid grid = await SshGrid.OpenAsync(
            Options with { Sites = ["nancy", "rennes"], UserName = "jdoe",
            OarApis = new Dictionary<string, Uri> { ["nancy"] = new("http://127.0.0.1:1/oarapi/") } });
        Assert.Equal(["-Site", "nancy,rennes", "-UserName", "jdoe", "-SshConfig", _server.ClientConfig, "-Destination",
            $"nancy=127.0.0.1:{_server.Port}", "-OarApi", "nancy=http://127.0.0.1:1/oarapi/"],
            grid.ConnectArguments);
        Assert.Null(grid.GetOarApi("rennes"));
        Assert.Equal(["jdoe"], grid.GetOarApi("nancy")!.DefaultRequestHeaders.GetValues("X-Remote-Ident"));
    }

    [SshFact]
    public async Task Http_goes_through_a_channel()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using SshGrid grid = await SshGrid.OpenAsync(Options);
        await grid.ConnectAsync("nancy");
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (c, stop) => await grid.GetFrontend("nancy")
            .ConnectAsync(c.DnsEndPoint.Host, c.DnsEndPoint.Port, stop) });
        Task<string> request = client.GetStringAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/x"));
        using TcpClient far = await listener.AcceptTcpClientAsync();
        await far.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
        Assert.Equal("hello", await request);
    }

    [SshTheory]
    [InlineData("SshConfigNotFound")]
    [InlineData("SiteNameNotValid")]
    [InlineData("DestinationNotValid")]
    [InlineData("AddressNotValid")]
    public async Task Options_that_are_wrong_are_told_before_anything_is_done(string code)
    {
        SshGridOptions options = code switch
        {
            "SshConfigNotFound" => Options with { SshConfig = "/no/such/file" },
            "SiteNameNotValid" => Options with { Sites = ["-oProxyCommand=x"] },
            "DestinationNotValid" => Options with { UserName = "-x" },
            _ => Options with { Api = new Uri("relative", UriKind.Relative) },
        };
        Assert.Equal(code, (await Assert.ThrowsAsync<G5kException>(() => SshGrid.OpenAsync(options))).Code);
    }

    [SshFact]
    public async Task A_connection_is_tested()
    {
        await using SshGrid grid = await SshGrid.OpenAsync(Options with { Api = new Uri($"http://127.0.0.1:{FreePort.Find()}/stable") });
        ConnectionTest test = await new ConnectionProbe(grid).RunAsync("nancy");
        Assert.True(test.IsReachable);
        Assert.True(test.LoginTime > test.CommandTime, $"{test.LoginTime} > {test.CommandTime}");
        Assert.Equal((TimeSpan.Zero, DateTimeOffset.Now.Offset), (test.ClockDifference, test.UtcOffset));
        Assert.Contains("ApiUnreachable", test.Findings.Select(f => f.Code));
        _server.KillAll();
        await using SshGrid away = await SshGrid.OpenAsync(Options);
        ConnectionTest failed = await new ConnectionProbe(away).RunAsync("nancy");
        Assert.Equal((false, SshFailureReason.Refused), (failed.IsReachable, failed.Reason));
        Assert.Equal(["FrontendUnreachable"], failed.Findings.Select(f => f.Code));
    }

    [SshFact]
    public async Task Nothing_is_left_of_a_process_that_is_killed()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0); // the test of the API waits for its answer
        silent.Start();
        using Process process = StartHost(
            $"Connect-G5k -Site nancy -SshConfig {_server.ClientConfig} -Destination nancy=127.0.0.1:{_server.Port} -ApiUri http://{silent.LocalEndpoint}/; Test-G5kConnection");
        string socket = ControlFolder.Open().NewSocketName();
        socket = Path.Combine(Path.GetDirectoryName(socket)!, string.Create(CultureInfo.InvariantCulture, $"{process.Id:x}-"));
        string? path = null; // ssh makes it under a name with a dot, and renames it
        await Eventually.HoldsAsync(
            () => (path = Directory.GetFiles(Path.GetDirectoryName(socket)!, Path.GetFileName(socket) + "*")
            .SingleOrDefault(f => !f.Contains('.', StringComparison.Ordinal))) is not null,
            "It does not connect.", TimeSpan.FromSeconds(60));
        process.Kill();
        await Processes.WaitForEndAsync(socket);
        await Eventually.HoldsAsync(() => !File.Exists(path), "The socket is left.");
    }

    static Process StartHost(string commands) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "waltg5k.dll"), commands])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
