using System.Net;
using System.Net.Sockets;
using System.Text;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Testbed;

/// <summary>What nodes say to the server, and the server to nodes, over sockets.</summary>
public class WaltServerStreamTests
{
    static async Task<TcpClient> ConnectAsync(SmallWorld small, WaltHost host, string nodeIp)
    {
        TcpClient client = new(new IPEndPoint(NodeAddresses.ToLoopback(nodeIp), 0));
        await client.ConnectAsync(small.World.Endpoints[(host.Node.Name, 12347)], small.Limit);
        return client;
    }

    static async Task SendAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task A_node_is_booted_at_the_first_byte_after_the_OK_and_down_at_the_end_of_the_connection()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        WaltDevice device = host.Devices.ByName("gros-1")!;
        using TcpClient client = await ConnectAsync(small, host, device.Ip);
        await SendAsync(client, "REQ_NOTIFY_BOOTUP_STATUS\n");
        byte[] answer = new byte[3];
        await client.GetStream().ReadExactlyAsync(answer, small.Limit);
        Assert.Equal("OK\n", Encoding.ASCII.GetString(answer));
        Assert.False(device.IsBooted);
        await SendAsync(client, "\n");
        await small.UntilAsync(() => device.IsBooted);
        client.Close();
        await small.UntilAsync(() => !device.IsBooted);
    }

    [Fact]
    public async Task Only_the_latest_connection_of_a_node_counts()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        WaltDevice device = host.Devices.ByName("gros-1")!;
        using TcpClient old = await ConnectAsync(small, host, device.Ip);
        await SendAsync(old, "14\n\n");
        await small.UntilAsync(() => device.IsBooted);
        int connection = device.ConnectionGeneration;
        using TcpClient latest = await ConnectAsync(small, host, device.Ip);
        await SendAsync(latest, "14\n\n");
        await small.UntilAsync(() => device.ConnectionGeneration > connection);
        old.Close();
        await small.PassAsync(5);
        Assert.True(device.IsBooted);
    }

    [Fact]
    public async Task A_stranger_is_not_listened_to()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        using TcpClient client = await ConnectAsync(small, host, "192.168.204.99");
        await SendAsync(client, "14\n");
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[8], small.Limit));
    }

    [Fact]
    public async Task Log_lines_of_a_node_bear_its_name()
    {
        await using SmallWorld small = new();
        WaltHost host = small.AddWaltServer(4, "gros-1");
        using TcpClient client = await ConnectAsync(small, host, "192.168.204.2");
        await SendAsync(client, "REQ_NEW_INCOMING_LOGS\nmeasures\nTIMESTAMPS_INSIDE\n1774342800.5 temperature 41\nCLOSE\n");
        await small.UntilAsync(() => host.Logs.Count > 0);
        Assert.Equal(("gros-1", "measures", "temperature 41"), (host.Logs[0].Issuer, host.Logs[0].Stream, host.Logs[0].Line));
    }

    [Theory]
    [InlineData("MODE single\nREBOOT\n", "OK\n", true)]
    [InlineData("MODE single\nPING\n", "OK\n", false)]
    [InlineData("MODE multi\nPING\nBLINK 1\nCLOSE\n", "OK\nKO /bin/blink unavailable or not executable on image\nOK Closing on my side.\n", false)]
    [InlineData("MODE single\nDANCE\n", "", false)]
    [InlineData("REBOOT\n", "KO Start by specifying \"MODE [single|multi]\". Closing on my side.\n", false)]
    [InlineData("MODE multi\n", "TIMEOUT Closing on my side.\n", false)]
    public async Task The_service_of_a_node_answers_line_by_line(string requests, string answers, bool reboots)
    {
        await using SmallWorld small = new();
        bool rebooted = false;
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using TcpClient client = new();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, small.Limit);
        using (TcpClient node = await listener.AcceptTcpClientAsync(small.Limit))
        {
            await SendAsync(client, requests);
            await small.AwaitAsync(new NodeService(small.World.Time, () => rebooted = true, () => false)
                .RunAsync(node.GetStream(), node.GetStream(), small.Limit));
        }
        using StreamReader reader = new(client.GetStream());
        Assert.Equal(answers, await reader.ReadToEndAsync(small.Limit));
        Assert.Equal(reboots, rebooted);
    }
}
