using System.Text.RegularExpressions;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>Names of machines and groups: good for libvirt, as file names, and as host names but for the underscore, which vm5k let pass.</summary>
public static partial class VirtualMachineNames
{
    public static bool IsValid(string name) => Valid().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
