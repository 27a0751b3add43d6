namespace WaltG5k.Core.Walt.Devices;

/// <summary>A device of a WalT network.</summary>
public sealed record WaltDeviceInfo(string Name)
{
    /// <summary><c>server</c>, <c>switch</c>, <c>node</c>, or <c>unknown</c>.</summary>
    public string Type { get; init; } = "";
    /// <summary>Of a node: <c>physical</c>, <c>virtual</c> or <c>vpn</c>; else empty.</summary>
    public string Kind { get; init; } = "";
    public string Mac { get; init; } = "";
    public string Ip { get; init; } = "";
    /// <summary><c>LAN</c> (no way out of the WalT network) or <c>NAT</c>; empty where it does not apply.</summary>
    public string NetSetup { get; init; } = "";

    public bool IsNode => Type == "node";
    public override string ToString() => Name;
}

/// <summary>A device at its place in the network, as the last scan found it.</summary>
public sealed record WaltTreeEntry(string Name)
{
    public string Type { get; init; } = "";
    public string Ip { get; init; } = "";
    /// <summary>The switch that it is connected to; empty for the one at the top.</summary>
    public string Parent { get; init; } = "";
    /// <summary>That switch's port: its number, or the name it was given; empty where unknown.</summary>
    public string Port { get; init; } = "";
    /// <summary>0 at the top.</summary>
    public int Depth { get; init; }
    /// <summary>Whether the last scan still saw it.</summary>
    public bool IsDetected { get; init; } = true;
    /// <summary>Why nothing is shown below it; empty otherwise.</summary>
    public string Note { get; init; } = "";
    public override string ToString() => Name;
}

/// <summary>What a scan of the network got from one device.</summary>
/// <param name="Status">In the server's words: <c>OK</c>, <c>FORBIDDEN …</c>, <c>FAILED …</c>.</param>
public sealed record WaltScanResult(string Device, string Status)
{
    public bool IsOk => Status.StartsWith("OK", StringComparison.Ordinal);
    public override string ToString() => Device;
}

/// <summary>What became of the echo requests sent to a device.</summary>
public sealed record WaltPingResult(string Device, string Ip)
{
    public int Sent { get; init; }
    public int Received { get; init; }
    /// <summary>The mean of the answers; null without any.</summary>
    public TimeSpan? Latency { get; init; }
    public bool IsReachable => Received > 0;
    public override string ToString() => Device;
}

/// <summary>A port of a switch.</summary>
public sealed record WaltSwitchPort(string Switch, int Number)
{
    /// <summary>Its number until somebody names it.</summary>
    public string Name { get; init; } = "";
    /// <summary>Power over Ethernet: <c>on</c>, <c>off</c> or <c>unavailable</c>.</summary>
    public string Poe { get; init; } = "";
    /// <summary>The device at its other end; empty where unknown.</summary>
    public string Peer { get; init; } = "";
    public override string ToString() => FormattableString.Invariant($"{Switch}:{Number}");
}

/// <summary>The settings of a device.</summary>
public sealed record WaltDeviceConfiguration(string Name)
{
    /// <summary>
    /// The kind of device in the words of the settings: <c>nodes</c>, <c>virtual-nodes</c>, <c>switches</c>, <c>unknown-devices</c>, <c>server</c>.
    /// </summary>
    public string Category { get; init; } = "";
    /// <summary>By name; an empty value is one that was never set.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
    public override string ToString() => Name;
}
