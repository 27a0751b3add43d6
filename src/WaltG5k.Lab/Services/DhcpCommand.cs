using WaltG5k.Lab.Network;

namespace WaltG5k.Lab.Services;

/// <summary>dnsmasq as DHCP and TFTP server of the WalT network.</summary>
static class DhcpCommand
{
    /// <summary>iPXE asks no second DHCP server for boot files: no wait of four seconds for one that does not exist.</summary>
    const string NoProxyDhcp = "encap:175,176,1b";

    /// <param name="tftp">Has a folder for each node, by its address.</param>
    public static IReadOnlyList<string> GetWords(int nodeCount, string tftp) =>
    [
        "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--port=0", "--user=root", "--pid-file",
            "--log-facility=-", "--log-dhcp",
        "--bind-interfaces", $"--interface={LabNetwork.ServerAdapter}", "--except-interface=lo",
        $"--dhcp-range={LabNetwork.NetworkAddress},static,{LabNetwork.Netmask},infinite", "--dhcp-leasefile=/run/lab/leases", "--dhcp-authoritative",
        "--no-ping",
        .. Enumerable.Range(0, nodeCount).Select(i => $"--dhcp-host={LabNetwork.GetMac(i)},{LabNetwork.GetIp(i)},{LabNetwork.GetNodeName(i)}"),
        $"--dhcp-boot=start.ipxe,,{LabNetwork.Server}", $"--dhcp-option={NoProxyDhcp}",
        "--enable-tftp", $"--tftp-root={tftp}", "--tftp-unique-root=ip",
    ];
}
