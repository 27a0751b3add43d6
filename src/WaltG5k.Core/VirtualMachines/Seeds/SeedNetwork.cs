using System.Text;

namespace WaltG5k.Core.VirtualMachines.Seeds;

/// <summary>
/// A fixed address for the adapter with a given MAC, where no DHCP server answers. Written as cloud-init's network configuration, version 2.
/// </summary>
/// <param name="Mac">Six pairs of hexadecimal digits with colons.</param>
/// <param name="Address">With its prefix length: <c>10.144.4.1/14</c>.</param>
public sealed record SeedNetwork(string Mac, string Address)
{
    public string? Gateway { get; init; }
    public IReadOnlyList<string> NameServers { get; init; } = [];
    public IReadOnlyList<string> SearchDomains { get; init; } = [];

    internal string ToYaml()
    {
        var text = new StringBuilder();
        text.Append("version: 2\nethernets:\n  nic0:\n    match:\n");
        text.Append("      macaddress: ").Append(SeedYaml.Quote(Mac.ToLowerInvariant())).Append('\n');
        text.Append("    addresses: ").Append(SeedYaml.List([Address])).Append('\n');
        // Not the word default: older versions of cloud-init do not know it.
        if (Gateway is not null) text.Append("    routes: [{to: \"0.0.0.0/0\", via: ").Append(SeedYaml.Quote(Gateway)).Append("}]\n");
        if (NameServers.Count > 0 || SearchDomains.Count > 0)
        {
            text.Append("    nameservers: {addresses: ").Append(SeedYaml.List(NameServers)).Append(", search: ").Append(SeedYaml.List(SearchDomains))
                .Append("}\n");
        }
        return text.ToString();
    }
}
