using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Jobs;

/// <summary>What was asked of OAR, after its admission rules: fixed for the life of the job.</summary>
public sealed record Submission
{
    /// <summary>SIGUSR2.</summary>
    public const int DefaultCheckpointSignal = 12;

    public required string User { get; init; }
    public string? Name { get; init; }
    public string Project { get; init; } = "default";
    public string Queue { get; init; } = "default";
    /// <summary>Empty for an interactive job or a reservation without command; null for noop.</summary>
    public string? Command { get; init; }
    public string Directory { get; init; } = "";
    public string? StandardOutput { get; init; }
    public string? StandardError { get; init; }
    public IReadOnlyList<string> Types { get; init; } = [];
    public IReadOnlyList<long> Dependencies { get; init; } = [];
    /// <summary>The SQL that every resource has to meet.</summary>
    public string Properties { get; init; } = "";
    /// <summary>Alternatives, of which OAR takes the one that ends first.</summary>
    public IReadOnlyList<ResourceRequest> Requests { get; init; } = [];
    public string InitialRequest { get; init; } = "";
    public long SubmissionTime { get; init; }
    /// <summary>The date of an advance reservation, epoch seconds.</summary>
    public long? ReservationDate { get; init; }
    public bool Interactive { get; init; }
    public bool Hold { get; init; }
    /// <summary>What tells the command to save its state.</summary>
    public int CheckpointSignal { get; init; } = DefaultCheckpointSignal;
    /// <summary>So many seconds before the end of the walltime the signal is sent; 0: never.</summary>
    public int Checkpoint { get; init; }
    /// <summary>0: the job's own id, it is no member of an array.</summary>
    public long ArrayId { get; init; }
    public int ArrayIndex { get; init; } = 1;
    public long ResubmitJobId { get; init; }

    public bool IsReservation => ReservationDate is not null;
    public bool IsNoop => HasType("noop");
    public bool IsDeploy => HasType("deploy");
    public bool IsBestEffort => HasType("besteffort");
    public bool IsContainer => HasType("container");
    public long? Container => ValueOfType("inner") is { } id && long.TryParse(id, out long number) ? number : null;

    public bool HasType(string type) => Types.Any(t => t == type || t.StartsWith(type + "=", StringComparison.Ordinal));

    /// <summary>What follows the equals sign of a type.</summary>
    public string? ValueOfType(string type) => Types.FirstOrDefault(t => t.StartsWith(type + "=", StringComparison.Ordinal))?[(type.Length + 1)..];
}
