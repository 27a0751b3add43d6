using System.Globalization;
using System.Net;

namespace WaltG5k.Core.Reservations.Planning.Reading;

/// <summary>Addresses of subnets as text.</summary>
static class SubnetNames
{
    /// <param name="name">Such as <c>10.144.4.0/22</c>; other sizes are no unit of OAR's.</param>
    public static bool TryParse(string name, out uint address)
    {
        address = 0;
        string[] parts = name.Split('/');
        if (parts.Length != 2 || parts[1] != SubnetElement.PrefixLength.ToString(CultureInfo.InvariantCulture)) return false;
        if (!IPAddress.TryParse(parts[0], out IPAddress? parsed) || parsed.GetAddressBytes() is not [var a, var b, var c, var d]) return false;
        address = (uint)(a << 24 | b << 16 | c << 8 | d);
        return true;
    }
}
