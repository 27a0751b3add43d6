using System.Net;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Walt;

/// <summary>The devices that a WalT server knows. Under the world's lock.</summary>
internal sealed partial class WaltDeviceTable
{
    /// <summary>192.168.204.0/22: addresses of nodes from .204.2 on.</summary>
    const uint FirstAddress = 0xC0A8CC02, LastAddress = 0xC0A8CFFE;
    /// <summary>The gateway host of KaVLAN's local VLANs owns it.</summary>
    const uint ReservedAddress = 0xC0A8CFFE;

    readonly Dictionary<string, WaltDevice> _byName = new(StringComparer.Ordinal);
    readonly Dictionary<string, WaltDevice> _byMac = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, WaltDevice> _byIp = new(StringComparer.Ordinal);
    uint _next = FirstAddress;

    public IEnumerable<WaltDevice> All => _byName.Values.OrderBy(d => d.Name, StringComparer.Ordinal);
    public IEnumerable<WaltDevice> Nodes => All.Where(d => d.IsNode);

    public WaltDevice? ByName(string name) => _byName.GetValueOrDefault(name);
    public WaltDevice? ByMac(string mac) => _byMac.GetValueOrDefault(mac);
    public WaltDevice? ByIp(string ip) => _byIp.GetValueOrDefault(ip);

    public void Add(WaltDevice device)
    {
        _byName[device.Name] = device;
        _byMac[device.Mac] = device;
        _byIp[device.Ip] = device;
    }

    /// <summary>
    /// A device that shows itself, or that somebody announces. A known one keeps its name; a name that another device has, or none, becomes
    /// <c>walt-XXXXXX</c> after its address.
    /// </summary>
    public WaltDevice Register(string vendorClass, string ip, string mac, string name, string routedImageId)
    {
        if (ByMac(mac) is WaltDevice known)
        {
            if (ip.Length > 0 && ip != known.Ip && !_byIp.ContainsKey(ip))
            {
                _byIp.Remove(known.Ip);
                known.Ip = ip;
                _byIp[ip] = known;
            }
            return known;
        }
        string clean = Clean(name);
        if (!IsValidName(clean) || _byName.ContainsKey(clean)) clean = "walt-" + mac.Replace(":", "", StringComparison.Ordinal)[^6..];
        bool isNode = vendorClass.StartsWith(WaltNames.VendorClassPrefix, StringComparison.Ordinal);
        WaltDevice device = new(clean, mac, ip.Length > 0 && !_byIp.ContainsKey(ip) ? ip : NextAddress(), isNode ? "node" : "unknown")
        {
            Model = isNode ? vendorClass[WaltNames.VendorClassPrefix.Length..] : "",
            RoutedImageId = routedImageId,
        };
        Add(device);
        return device;
    }

    public void Rename(WaltDevice device, string name)
    {
        _byName.Remove(device.Name);
        device.Name = name;
        _byName[name] = device;
    }

    public void Remove(WaltDevice device)
    {
        _byName.Remove(device.Name);
        _byMac.Remove(device.Mac);
        _byIp.Remove(device.Ip);
    }

    public static bool IsValidName(string name) => ValidName().IsMatch(name);

    /// <summary>The part before the first dot, without what a name may not hold.</summary>
    static string Clean(string name) => NotInNames().Replace(name.Split('.')[0], "-");

    public string NextAddress()
    {
        while (true)
        {
            if (_next > LastAddress) throw new InvalidOperationException("The WalT network has no free address left.");
            uint address = _next++;
            string text = new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]).ToString();
            if (address != ReservedAddress && !_byIp.ContainsKey(text)) return text;
        }
    }

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9-]+$")]
    private static partial Regex ValidName();

    [GeneratedRegex("[^a-zA-Z0-9-]+")]
    private static partial Regex NotInNames();
}
