namespace WaltG5k.Core.Grid5000;

/// <summary>What the reference API does not know.</summary>
static class ReferenceErrors
{
    public static G5kException NoSites(Uri? address) =>
        new("ApiRefused", ErrorKind.ObjectNotFound, $"There is no Grid'5000 API at {address}.", address, "Connect again: Connect-G5k");

    public static G5kException SiteNotFound(string site) =>
        new("SiteNotFound", ErrorKind.ObjectNotFound, $"There is no site '{site}' on Grid'5000.", site, "List the sites: Get-G5kSite");

    public static G5kException ClusterNotFound(string site, string cluster) =>
        new("ClusterNotFound", ErrorKind.ObjectNotFound, $"There is no cluster '{cluster}' at {site}.", cluster,
        $"List the clusters: Get-G5kCluster -Site {site}");

    public static G5kException NodeNotFound(string name) =>
        new("NodeNotFound", ErrorKind.ObjectNotFound, $"There is no node '{name}' on Grid'5000.", name,
            "Give its full name, such as gros-1.nancy.grid5000.fr; list nodes: Get-G5kNode -Site SITE");

    public static G5kException VlanNotFound(string site, string vlan) =>
        new("VlanNotFound", ErrorKind.ObjectNotFound, $"There is no VLAN {vlan} at {site}.", vlan,
        $"The VLANs of the site: Get-G5kVlan -Site {site}");
}
