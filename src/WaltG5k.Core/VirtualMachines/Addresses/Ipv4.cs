using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WaltG5k.Core.VirtualMachines.Addresses;

/// <summary>IPv4 addresses as numbers.</summary>
static class Ipv4
{
    public static string Text(uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}");

    /// <summary>Four whole numbers and nothing less: <c>10.1</c> is no address here.</summary>
    public static bool TryParse(string? text, out uint address)
    {
        address = 0;
        if (text is null || text.Count(c => c == '.') != 3 || !IPAddress.TryParse(text, out IPAddress? parsed)
            || parsed.AddressFamily != AddressFamily.InterNetwork) return false;
        Span<byte> bytes = stackalloc byte[4];
        parsed.TryWriteBytes(bytes, out _);
        address = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return true;
    }

    /// <summary>First and last address of <c>10.144.4.0/22</c>; a site's own network, a /14, is the largest there is.</summary>
    public static bool TryParseNetwork(string? text, out uint first, out uint last)
    {
        (first, last) = (0, 0);
        if (text?.Split('/') is not [var address, var length] || !TryParse(address, out first)) return false;
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) || bits is < 12 or > 30) return false;
        uint hosts = uint.MaxValue >> bits;
        first &= ~hosts;
        last = first | hosts;
        return true;
    }
}
