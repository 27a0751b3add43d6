namespace WaltG5k.Core.Kadeploy;

/// <summary>The two forms of Kadeploy's command lines.</summary>
public enum KadeployForm
{
    /// <summary>3.8 and later: partitions by label, architectures, macro-step <c>SetDeploymentMiniOS</c>.</summary>
    Current,
    /// <summary>Up to 3.3: partitions by number, the kind of a reboot by <c>-r</c>, macro-step <c>SetDeploymentEnv</c>.</summary>
    Old,
}

/// <summary>A deployment to run. Node by node results come back: a failed node is a result.</summary>
public sealed record KadeployRequest
{
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>
    /// A registered name (<c>debian12-min</c>, or a specification <c>NAME@USER:VERSION%ARCH</c>), or a file or URL of a description.
    /// </summary>
    public required string Environment { get; init; }
    /// <summary>True when <see cref="Environment"/> is a file on the front-end or a URL (<c>-a</c>).</summary>
    public bool IsDescription { get; init; }
    /// <summary>Whose registered environment; null: one's own, a public one, or the one of the specification.</summary>
    public string? User { get; init; }
    /// <summary>Null: the newest, or the one of the specification.</summary>
    public long? Version { get; init; }
    /// <summary><c>x86_64</c>, <c>ppc64le</c> or <c>aarch64</c>; 3.8 and later.</summary>
    public string? Architecture { get; init; }

    /// <summary>A label such as <c>TMP</c>, or up to 3.3 a number.</summary>
    public string? Partition { get; init; }
    /// <summary>The partition to boot when a whole disk is written; 0 is its master boot record.</summary>
    public int? BootPartition { get; init; }
    /// <summary><c>disk1</c>, or up to 3.3 <c>sdb</c>.</summary>
    public string? BlockDevice { get; init; }
    /// <summary>The file system to put on the partition of <c>/tmp</c>: <c>ext4</c>. Null: it is left alone.</summary>
    public string? ReformatTmp { get; init; }
    public bool DisableBootloaderInstall { get; init; }
    public bool DisableDiskPartitioning { get; init; }

    /// <summary>Where the nodes are at the end, by the VLAN's number or <c>DEFAULT</c>; null: where they were.</summary>
    public string? Vlan { get; init; }
    /// <summary>Who gets in as root; null: nobody.</summary>
    public KadeployKey? Key { get; init; } = KadeployKey.AuthorizedKeys;

    public bool NoKexec { get; init; }
    public KadeployTimeout? RebootClassicalTimeout { get; init; }
    public KadeployTimeout? RebootKexecTimeout { get; init; }
    /// <summary>None, or for each of the three macro-steps at least one instance.</summary>
    public IReadOnlyList<KadeployForcedStep> Steps { get; init; } = [];
    /// <summary><c>MACRO</c> or <c>MACRO:MICRO</c>: the nodes stand still before that step, and count as successful.</summary>
    public string? Breakpoint { get; init; }
    /// <summary>A file of custom operations on the front-end.</summary>
    public string? CustomSteps { get; init; }

    /// <summary>A file on the front-end.</summary>
    public string? PxeProfile { get; init; }
    /// <summary>A file on the front-end with what stands for <c>NODE_SINGULARITY</c> in the profile, node by node.</summary>
    public string? PxePattern { get; init; }
    public IReadOnlyList<string> PxeFiles { get; init; } = [];

    /// <summary>A program on the front-end that the client runs at the end.</summary>
    public string? Script { get; init; }
    /// <summary>Files on the front-end that get the names of the nodes; their old content is lost.</summary>
    public string? OkFile { get; init; }
    public string? KoFile { get; init; }
    public string? WorkflowIdFile { get; init; }

    /// <summary>Takes nodes away from an operation under way.</summary>
    public bool Force { get; init; }
    /// <summary>Returns as soon as the order is taken.</summary>
    public bool NoWait { get; init; }
    /// <summary>Lets Kadeploy check the request and do nothing.</summary>
    public bool DryRun { get; init; }
    /// <summary>Lets the server call its hook at the end.</summary>
    public bool Hook { get; init; }
    /// <summary>Shows each command that runs on a node.</summary>
    public bool Debug { get; init; }
    /// <summary>1 to 5. 4 tells the time of each micro-step, 5 also which nodes have come back and which steps are not needed.</summary>
    public int VerboseLevel { get; init; } = 5;

    /// <summary>After this time we no longer wait, whatever the server says.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(25);
}
