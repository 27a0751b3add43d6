using WaltG5k.Core.Text;
using WaltG5k.Core.Recipes;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.Deployments;

public enum DeploymentState
{
    /// <summary>Its steps are being run by some process.</summary>
    Running,
    /// <summary>The process that ran it is gone: resume it, or release it.</summary>
    Interrupted,
    Ready,
    Failed,
    /// <summary>Its jobs are being deleted, or a process died while deleting them.</summary>
    Releasing,
    Released,
    /// <summary>Its walltime is over.</summary>
    Expired,
}

public enum StepState
{
    Pending,
    Running,
    Done,
    Failed,
    /// <summary>Not needed, for example because jobs were given.</summary>
    Skipped,
    Cancelled,
}

/// <summary>How the server node gets its WalT software.</summary>
public enum ServerInstallation
{
    /// <summary>A Kadeploy environment that holds WalT.</summary>
    Environment,
    /// <summary>A debian12 environment, then WalT from Python packages.</summary>
    Packages,
}

public sealed record DeploymentRequest
{
    /// <summary>Jobs to use; null: they are reserved first, as <see cref="Reserve"/> says.</summary>
    public Reservation? Reservation { get; init; }
    public ReservationRequest? Reserve { get; init; }
    public WaltRecipe? Recipe { get; init; }
    public ServerInstallation Installation { get; init; }
    /// <summary>URL, file or registered name of the server's environment; null: the default of the installation.</summary>
    public string? ServerEnvironment { get; init; }
    /// <summary>The image that nodes boot first.</summary>
    public string Image { get; init; } = "pc-x86-64-default";
    /// <summary>Fewer booted nodes than this is a failure; null: all.</summary>
    public int? MinNodes { get; init; }
    /// <summary>Keep the jobs when the deployment fails.</summary>
    public bool KeepOnFailure { get; init; }
    /// <summary>The main OAR job drives the deployment, not this process.</summary>
    public bool Unattended { get; init; }
    /// <summary>The program and arguments that resume a deployment, its id as last word; needed when unattended.</summary>
    public IReadOnlyList<string> ResumeCommand { get; init; } = [];
}

/// <summary>A step of a plan, for -WhatIf and for the progress bar.</summary>
/// <param name="Name">Such as <c>server.deploy</c> or <c>vlan.nodes.nancy</c>.</param>
/// <param name="Expected">How long it usually takes.</param>
public sealed record PlannedStep(string Name, string Description, IReadOnlyList<string> Needs, TimeSpan Expected)
{
    public override string ToString() => Name;
}

public sealed record DeploymentPlan(DeploymentRequest Request, ReservationPlan? Reservation, IReadOnlyList<PlannedStep> Steps)
{
    /// <summary>The longest path through the steps.</summary>
    public TimeSpan Expected { get; init; }
}

public enum FindingSeverity
{
    Information,
    Warning,
    Error,
}

/// <summary>Something that went wrong, or nearly: what was seen, what it means on Grid'5000, what to do.</summary>
/// <param name="Code">Stable identifier: <c>KadeployServerFailed</c>.</param>
public sealed record Finding(string Code, FindingSeverity Severity, string Title)
{
    public string DeploymentId { get; init; } = "";
    public string Step { get; init; } = "";
    /// <summary>A node, a job, a site.</summary>
    public string Target { get; init; } = "";
    /// <summary>Command, exit status, last lines.</summary>
    public string Seen { get; init; } = "";
    public string Meaning { get; init; } = "";
    public string Recommendation { get; init; } = "";
    public DateTimeOffset Date { get; init; }
    public override string ToString() => $"{Code}: {Title}";
}

/// <summary>A step of a deployment as its journal tells it.</summary>
public sealed record DeploymentStepInfo(string Name, StepState State)
{
    public string DeploymentId { get; init; } = "";
    public string Description { get; init; } = "";
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int Attempts { get; init; }
    public string Note { get; init; } = "";
    public TimeSpan? Duration => StartedAt is { } s && EndedAt is { } e ? e - s : null;
    public override string ToString() => Name;
}

/// <summary>A node that becomes a WalT node.</summary>
/// <param name="Name">Full host name on Grid'5000.</param>
/// <param name="WaltName">Its name on the WalT server.</param>
public sealed record DeploymentNode(string Name, string WaltName, string Site, string Mac, string Ip)
{
    public bool IsBooted { get; init; }
    public override string ToString() => WaltName;
}

/// <summary>A deployment as its journal tells it.</summary>
public sealed record DeploymentInfo(string Id, DeploymentState State) : IDeploymentInfo, IHasEnd
{
    public string Name { get; init; } = "";
    public string? Recipe { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ReadyAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public string? ServerSite { get; init; }
    public string? Server { get; init; }
    public VlanKind Vlan { get; init; }
    public string? VlanSite { get; init; }
    public int? VlanId { get; init; }
    public IReadOnlyList<ReservationJob> Jobs { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<DeploymentNode> Nodes { get; init => field = value.AsArray(); } = [];
    public int NodesReady => Nodes.Count(n => n.IsBooted);
    public IReadOnlyList<DeploymentStepInfo> Steps { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<Finding> Findings { get; init => field = value.AsArray(); } = [];
    /// <summary>The steps running now, joined by commas.</summary>
    public string CurrentStep { get; init; } = "";
    /// <summary>Expected time to the end, while it runs.</summary>
    public TimeSpan? Remaining { get; init; }
    /// <summary>Part of the expected time that is behind us, 0 to 100.</summary>
    public int PercentComplete { get; init; }
    /// <summary>The process that drives it: <c>pid@host</c>.</summary>
    public string? Driver { get; init; }
    public bool IsAlive => State is DeploymentState.Running or DeploymentState.Interrupted or DeploymentState.Ready or DeploymentState.Releasing;
    /// <summary>Creation to ready (or to the last step's end).</summary>
    public TimeSpan? Duration => (ReadyAt ?? Steps.Max(s => s.EndedAt)) - CreatedAt;
    public override string ToString() => Id;
}
