namespace WaltG5k.Testbed.Nodes;

/// <summary>What a booting node gets from a WalT server.</summary>
/// <param name="ImageId">The image whose files the server gives to the node at this moment.</param>
/// <param name="Root">How its boot scripts ask for the root file system.</param>
internal sealed record BootOffer(string ImageId, BootRoot Root = BootRoot.Nfs);

internal enum BootRoot
{
    Nfs,
    Nbfs,
    /// <summary>WaltG5k's own, see docs/bootfs-protocol.md.</summary>
    Speculative,
}

/// <summary>A server in a VLAN that answers the PXE requests of the nodes there. Called under the world's lock.</summary>
internal interface IBootServer
{
    /// <summary>Where it runs: boot files and file systems are slow to reach from another site.</summary>
    string Site { get; }

    /// <summary>Whether the boot loader fetches by HTTP; without, TFTP has to do.</summary>
    bool LoadsByHttp { get; }

    /// <summary>Whether its NBFS daemon answers.</summary>
    bool ServesNbfs { get; }

    /// <summary>Whether its service of speculative roots answers.</summary>
    bool ServesSpeculation { get; }

    /// <summary>Whether it has recorded an earlier boot of the image with the speculative root.</summary>
    bool HasTrace(string imageId);

    /// <summary>Whether its DHCP answers in that VLAN now.</summary>
    bool Serves(VlanModel vlan);

    /// <summary>What the node boots if it asks now. A node unknown so far becomes a new device.</summary>
    BootOffer? Offer(NodeModel node, string mac);

    /// <summary>Whether the node may reboot by kexec.</summary>
    bool AllowsKexec(string mac);

    /// <summary>The node has fetched its boot files by HTTP, from then until now.</summary>
    void NotifyFetched(string mac, DateTimeOffset begin);

    /// <summary>The node's notification at the end of its boot.</summary>
    /// <param name="kernelStart">When its kernel began.</param>
    void NotifyBooted(string mac, BootOffer offer, DateTimeOffset kernelStart);
}
