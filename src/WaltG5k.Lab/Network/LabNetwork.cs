using System.Net;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Lab.Processes;

namespace WaltG5k.Lab.Network;

/// <summary>
/// The WalT network of the lab: a bridge with an adapter for each node in one namespace, the server's address in the other, and the relay between.
/// </summary>
sealed class LabNetwork : IDisposable
{
    /// <summary>WalT's own network on Grid'5000; the lab's is in namespaces of its own and meets no other.</summary>
    public static readonly IPAddress Server = IPAddress.Parse("192.168.204.1");
    public const string NetworkAddress = "192.168.204.0", Netmask = "255.255.252.0";
    public const string ServerAdapter = "walt0";
    const string Uplink = "uplink", Bridge = "walt-br", Prefix = "/22";

    readonly TapDevice _nodes, _server;
    readonly FrameRelay _relay;

    LabNetwork(TapDevice nodes, TapDevice server, FrameRelay relay) => (_nodes, _server, _relay) = (nodes, server, relay);

    public LinkConditions Link { get => _relay.Link; set => _relay.Link = value; }

    /// <summary>Frames and bytes from nodes to the server, and from the server to nodes.</summary>
    public (long Frames, long Bytes) FromNodes => _relay.Sent;
    public (long Frames, long Bytes) ToNodes => _relay.Received;

    public static string GetTap(int index) => FormattableString.Invariant($"node{index}");
    public static string GetIp(int index) => FormattableString.Invariant($"192.168.204.{index + 2}");
    public static string GetMac(int index) => FormattableString.Invariant($"52:54:00:cc:00:{index + 1:x2}");
    public static string GetNodeName(int index) => FormattableString.Invariant($"lab-{index + 1}");

    /// <exception cref="G5kException"><c>LabDeviceMissing</c>, <c>LabNetworkFailed</c>.</exception>
    public static async Task<LabNetwork> CreateAsync(LabContainer nodes, LabContainer server, int nodeCount, LinkConditions link,
        CancellationToken cancellationToken)
    {
        TapDevice? inner = null, outer = null;
        FrameRelay? relay = null;
        try
        {
            try
            {
                inner = TapDevice.Create(nodes.Network, Uplink);
                outer = TapDevice.Create(server.Network, ServerAdapter);
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                throw LabErrors.DeviceMissing(TapDevice.Device, e.Message);
            }
            relay = new FrameRelay(inner, inner, outer, outer, link);
            await ConfigureAsync(server, [$"addr add {Server}{Prefix} dev {ServerAdapter}", $"link set {ServerAdapter} up"], cancellationToken)
                .ConfigureAwait(false);
            await ConfigureAsync(nodes, [
                $"link add {Bridge} type bridge forward_delay 0 mcast_snooping 0", $"link set {Uplink} master {Bridge}", $"link set {Uplink} up",
                    $"link set {Bridge} up",
                .. Enumerable.Range(0, nodeCount).Select(GetTap)
                .SelectMany(t => new[] { $"tuntap add {t} mode tap vnet_hdr", $"link set {t} master {Bridge}", $"link set {t} up" }),
            ], cancellationToken).ConfigureAwait(false);
            return new LabNetwork(inner, outer, relay);
        }
        catch
        {
            relay?.Dispose();
            inner?.Dispose();
            outer?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _relay.Dispose();
        _nodes.Dispose();
        _server.Dispose();
    }

    static async Task ConfigureAsync(LabContainer container, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        CommandRequest request = new(container.Enter("ip", "-batch", "-")) { Input = string.Concat(lines.Select(l => l + "\n")),
            Effect = CommandEffect.Change };
        CommandResult result = await new LocalFrontend("lab").RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus != 0) throw LabErrors.NetworkFailed(container.Name, result.LastLines(2));
    }
}
