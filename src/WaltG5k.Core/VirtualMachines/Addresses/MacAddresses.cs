using System.Globalization;

namespace WaltG5k.Core.VirtualMachines.Addresses;

/// <summary>MAC addresses of virtual machines.</summary>
public static class MacAddresses
{
    /// <summary>
    /// Of <c>g5k-subnets -m</c>: behind it come the last three bytes of the IPv4 address. The sites' DHCP servers know these pairs.
    /// </summary>
    public const string SubnetPrefix = "00:16:3E";
    /// <summary>QEMU's, locally administered: no hardware has it, nor any pair of <c>g5k-subnets</c>. For machines inside a VLAN.</summary>
    public const string VlanPrefix = "52:54:00";

    /// <summary>The prefix and the last three bytes of the address: unique among addresses that share their first byte.</summary>
    internal static string Of(string prefix, uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}:{address >> 16 & 255:X2}:{address >> 8 & 255:X2}:{address & 255:X2}");

    /// <summary>Six pairs of digits with colons or hyphens, in capitals and with colons; false for those that mean several or no adapter.</summary>
    public static bool TryNormalize(string text, out string mac)
    {
        mac = "";
        ArgumentNullException.ThrowIfNull(text);
        string[] pairs = text.Split(':', '-');
        if (pairs.Length != 6 || pairs.Any(p => p.Length != 2
            || !byte.TryParse(p, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))) return false;
        bool isGroup = (byte.Parse(pairs[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & 1) != 0;
        if (isGroup || pairs.All(p => p == "00")) return false;
        mac = string.Join(':', pairs).ToUpperInvariant();
        return true;
    }
}
