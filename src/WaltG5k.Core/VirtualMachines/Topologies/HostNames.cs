namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>
/// What the names of Grid'5000's nodes tell: <c>CLUSTER-NUMBER.SITE.grid5000.fr</c>, <c>CLUSTER-NUMBER-kavlan-ID.SITE…</c> in a VLAN.
/// </summary>
static class HostNames
{
    public static string Short(string name) => name.Split('.', 2)[0];

    public static string ClusterOf(string name) =>
        Short(name) is var host && host.LastIndexOf("-kavlan-", StringComparison.Ordinal) is > 0 and var vlan
        ? ClusterOf(host[..vlan])
        : host.LastIndexOf('-') is > 0 and var dash ? host[..dash] : "";

    public static string SiteOf(string name) => name.Split('.') is [_, var site, ..] ? site : "";

    /// <summary>Whether one of the two is the other, or its short form.</summary>
    public static bool Mean(string name, string other) =>
        string.Equals(name, other, StringComparison.OrdinalIgnoreCase)
        || (name.Contains('.', StringComparison.Ordinal) != other.Contains('.', StringComparison.Ordinal)
        && string.Equals(Short(name), Short(other), StringComparison.OrdinalIgnoreCase));
}
