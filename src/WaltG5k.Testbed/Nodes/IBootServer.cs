namespace WaltG5k.Testbed.Nodes;

/// <summary>What a booting node gets from a WalT server.</summary>
/// <param name="ImageId">The image whose files the server gives to the node at this moment.</param>
internal sealed record BootOffer(string ImageId);

/// <summary>A server in a VLAN that answers the PXE requests of the nodes there. Called under the world's lock.</summary>
internal interface IBootServer
{
    /// <summary>Where it runs: boot files and file systems are slow to reach from another site.</summary>
    string Site { get; }

    /// <summary>Whether the boot loader may fetch by HTTP; without, TFTP has to do.</summary>
    bool ServesHttp { get; }

    /// <summary>Whether its DHCP answers in that VLAN now.</summary>
    bool Serves(VlanModel vlan);

    /// <summary>What the node boots if it asks now. A node unknown so far becomes a new device.</summary>
    BootOffer? Offer(NodeModel node, string mac);

    /// <summary>Whether the node may reboot by kexec.</summary>
    bool AllowsKexec(string mac);

    /// <summary>The node's notification at the end of its boot.</summary>
    void NotifyBooted(string mac);
}
