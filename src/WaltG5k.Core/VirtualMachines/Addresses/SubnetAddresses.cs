namespace WaltG5k.Core.VirtualMachines.Addresses;

/// <summary>
/// Reads what <c>g5k-subnets</c> prints: pairs of <c>-i -m</c> (<c>10.132.8.1⇥00:16:3E:84:08:01</c>), addresses of <c>-i</c>, prefixes of <c>-p</c>,
/// or the seven fields of <c>-a</c> (prefix, broadcast, netmask, gateway, network, DNS name, DNS address). Lines of any other kind are start-up
/// files' and are left out.
/// </summary>
public static class SubnetAddresses
{
    /// <exception cref="G5kException"><c>NoSubnet</c>: the job holds none; <c>SubnetsUnreadable</c>: addresses that no subnet of Grid'5000
    /// has.</exception>
    public static AddressPool Read(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var addresses = new SortedSet<uint>();
        var reserved = new HashSet<uint>();
        var networks = new List<string>();
        string? gateway = null;
        foreach (string line in output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split('\t', StringSplitOptions.TrimEntries);
            if (Ipv4.TryParseNetwork(fields[0], out uint first, out uint last))
            {
                networks.Add(fields[0]);
                // The network's own address and the broadcast are nobody's.
                for (uint address = first + 1; address < last; address++) addresses.Add(address);
                if (fields.Length < 7) continue;
                gateway = fields[3];
                foreach (string other in (ReadOnlySpan<string>)[fields[3], fields[6]])
                {
                    if (Ipv4.TryParse(other, out uint used)) reserved.Add(used);
                }
            }
            else if (Ipv4.TryParse(fields[0], out uint single) && Agrees(single, fields))
            {
                addresses.Add(single);
            }
        }
        addresses.ExceptWith(reserved);
        if (addresses.Count == 0)
            throw new G5kException("NoSubnet", ErrorKind.ObjectNotFound, "The job holds no subnet.", output.Trim(),
                "Ask for one when reserving: oarsub -l slash_22=1+nodes=2");
        // The MAC keeps three bytes of four.
        if (addresses.Min >> 24 != addresses.Max >> 24)
            throw new G5kException("SubnetsUnreadable", ErrorKind.InvalidData,
                $"{Ipv4.Text(addresses.Min)} and {Ipv4.Text(addresses.Max)} are in no common network of Grid'5000: its subnets are in 10.0.0.0/8.",
                output.Trim(), "g5k-subnets -i -m");
        string name = networks.Count > 0 ? $"subnets {string.Join(", ", networks)}"
            : $"subnets from {Ipv4.Text(addresses.Min)} to {Ipv4.Text(addresses.Max)}";
        return new AddressPool(name, [.. addresses.Select(a => new VMAddress(Ipv4.Text(a), MacAddresses.Of(MacAddresses.SubnetPrefix, a)))])
        {
            Gateway = gateway,
            Network = networks.Count == 1 ? networks[0] : null,
        };
    }

    /// <summary>An address alone, or with the MAC that belongs to it.</summary>
    static bool Agrees(uint address, string[] fields)
    {
        if (fields.Length == 1) return true;
        return fields.Length == 2 && MacAddresses.TryNormalize(fields[1], out string mac)
            && mac == MacAddresses.Of(MacAddresses.SubnetPrefix, address);
    }
}
