using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

public enum ApiDeploymentStatus
{
    /// <summary>A word that this program does not know.</summary>
    Unknown,
    Waiting,
    Processing,
    /// <summary>It is over, whatever became of the nodes.</summary>
    Terminated,
    Error,
    Canceled,
}

/// <summary>Where a node stands in a deployment, or what became of it.</summary>
/// <param name="State">As the API writes it: <c>OK</c>, <c>KO</c>, <c>REBOOT_IN_PROGRESS</c>, <c>REBOOTED</c>, <c>BRK</c>, <c>DISCARDED</c>.</param>
public sealed record ApiDeploymentNode(string Node, string State)
{
    /// <summary><c>SetDeploymentEnvUntrusted</c>; null when nothing is under way.</summary>
    public string? MacroStep { get; init; }
    public string? MicroStep { get; init; }
    /// <summary><c>SetDeploymentEnvUntrusted-wait_reboot: Unreachable after the reboot</c>.</summary>
    public string? Error { get; init; }
    public bool IsOk => State == "OK";
    public bool IsKo => State == "KO";
    public override string ToString() => $"{Node}: {State}";
}

/// <summary>A deployment as the API tells of it: <c>/sites/S/deployments/ID</c>.</summary>
/// <param name="Id">Kadeploy's own: <c>D-</c> and a UUID.</param>
public sealed record ApiDeployment(string Site, string Id)
{
    public string User { get; init; } = "";
    public string Environment { get; init; } = "";
    public ApiDeploymentStatus Status { get; init; }
    public IReadOnlyList<string> Nodes { get; init => field = value.AsArray(); } = [];
    /// <summary>One entry for each node that the API tells of, in the order of <see cref="Nodes"/>; none before its first refresh.</summary>
    public IReadOnlyList<ApiDeploymentNode> Results { get; init => field = value.AsArray(); } = [];
    /// <summary>What went wrong as a whole, in Kadeploy's words.</summary>
    public string? Output { get; init; }
    public int? Vlan { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    /// <summary>When the API last looked at Kadeploy.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
    public bool IsEnded => Status is ApiDeploymentStatus.Terminated or ApiDeploymentStatus.Error or ApiDeploymentStatus.Canceled;
    public override string ToString() => $"{Id}@{Site}";
}

/// <summary>What the API deploys. It knows nothing else: no timeouts, no retries, no custom steps.</summary>
public sealed record ApiDeploymentRequest
{
    /// <summary>Full names.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }
    /// <summary><c>NAME</c>, <c>NAME@USER</c>, or the http(s) URL of a description.</summary>
    public required string Environment { get; init; }
    public string? Architecture { get; init; }
    public long? Version { get; init; }
    /// <summary>The content of an authorized_keys file, or an http(s) URL of one. Null: the keys of the account.</summary>
    public string? Key { get; init; }
    /// <summary>Such as <c>TMP</c>; null: <c>DEPLOY</c>.</summary>
    public string? PartitionLabel { get; init; }
    /// <summary>Such as <c>disk1</c>.</summary>
    public string? BlockDevice { get; init; }
    /// <summary>A file system: <c>ext4</c>.</summary>
    public string? ReformatTmp { get; init; }
    public bool DisableDiskPartitioning { get; init; }
    public bool DisableBootloaderInstall { get; init; }
    /// <summary>Leave out nodes that are in another deployment instead of refusing.</summary>
    public bool IgnoreNodesDeploying { get; init; }
    public int? Vlan { get; init; }
}

/// <summary>Which deployments to list. They come newest first.</summary>
public sealed record ApiDeploymentQuery
{
    public string? User { get; init; }
    public ApiDeploymentStatus? Status { get; init; }
    /// <summary>So many at most.</summary>
    public int Maximum { get; init; } = 100;
}
