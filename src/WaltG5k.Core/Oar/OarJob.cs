using System.Globalization;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>The states of OAR 2.5, spelled as it prints them (first letter upper case here).</summary>
public enum OarJobState
{
    Unknown,
    Waiting,
    Hold,
    ToLaunch,
    ToAckReservation,
    ToError,
    Launching,
    Running,
    Suspended,
    Resuming,
    Finishing,
    Terminated,
    Error,
}

/// <summary>Why a job is no longer there. OAR's state Error is a normal end: only the events tell which.</summary>
public enum OarJobEnd
{
    None,
    Completed,
    Deleted,
    WalltimeReached,
    BesteffortKilled,
    /// <summary>A reservation that OAR did not confirm.</summary>
    Refused,
    /// <summary>Its <c>expire</c> or <c>deadline</c> date passed before it could start.</summary>
    Expired,
    /// <summary>OAR gave it up: its processes did not answer to the kill, or oarsub was gone before the reservation was confirmed.</summary>
    Exterminated,
    /// <summary>A real error: prologue, working directory, no node left.</summary>
    Failed,
}

public sealed record OarJobEvent(DateTimeOffset Date, string Type, string Description);

/// <summary>A job as <c>oarstat -J -f</c> describes it. Times are null where OAR prints 0 or null.</summary>
public sealed record OarJob
{
    public required string Site { get; init; }
    public required long Id { get; init; }
    public string? Name { get; init; }
    public string Owner { get; init; } = "";
    public required OarJobState State { get; init; }
    public string Queue { get; init; } = "";
    public string? Command { get; init; }
    public IReadOnlyList<string> Types { get; init => field = value.AsArray(); } = [];
    public string Message { get; init; } = "";
    public bool IsReservation { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }
    /// <summary>A waiting reservation has its date here already.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>OAR's prediction; it moves.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }
    public DateTimeOffset? StoppedAt { get; init; }
    /// <summary>The walltime in force: OAR cuts it when a reservation starts late.</summary>
    public TimeSpan? Walltime { get; init; }
    /// <summary>The wait status of the command as OAR keeps it (exit 3 is 768), null unless it ended: see <see cref="ExitStatus"/>.</summary>
    public int? ExitCode { get; init; }
    public IReadOnlyList<string> Nodes { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<OarJobEvent> Events { get; init => field = value.AsArray(); } = [];
    public string WantedResources { get; init; } = "";
    public string? Project { get; init; }
    public string? Properties { get; init; }
    /// <summary>Where the job was submitted from, and where its relative output files are.</summary>
    public string? Directory { get; init; }
    public string? OutputFile { get; init; }
    public string? ErrorFile { get; init; }
    public bool IsInteractive { get; init; }
    /// <summary>The id of the first job of the array; that of the job itself when it is alone.</summary>
    public long? ArrayId { get; init; }
    public int? ArrayIndex { get; init; }
    public IReadOnlyList<long> Dependencies { get; init => field = value.AsArray(); } = [];
    /// <summary>The job that this one is a copy of.</summary>
    public long? ResubmittedFrom { get; init; }
    /// <summary>The numbers of the job's VLANs. Null when they were not asked for: they cost one more question.</summary>
    public IReadOnlyList<int>? Vlans { get; init; }
    /// <summary>Why it ended; <c>None</c> while it lives.</summary>
    public OarJobEnd End => OarJobEnds.Get(this);
    /// <summary>Why it ended, in words; null while it lives.</summary>
    public string? EndReason => OarJobEnds.Explain(this);
    /// <summary>The command's own exit status, 0 to 255; null unless it ended by itself.</summary>
    public int? ExitStatus => WaitStatus.GetExitStatus(ExitCode);
    /// <summary>The number of the signal that ended the command.</summary>
    public int? ExitSignal => WaitStatus.GetSignal(ExitCode);
    /// <summary>The job that OAR made in place of this one: a besteffort job that is idempotent, or one that failed in a prologue.</summary>
    public long? ResubmittedAs => OarJobEnds.GetSuccessor(this);
    /// <summary>Why it has not started; null unless it waits.</summary>
    public string? WaitReason => OarJobWaits.Explain(this);
    /// <summary>When OAR expects to start it; null unless it waits and OAR makes a prediction. A reservation has its date.</summary>
    public DateTimeOffset? PredictedStart => OarJobWaits.GetPredictedStart(this);

    public bool IsEnded => State is OarJobState.Terminated or OarJobState.Error;
    /// <summary>When the walltime will be over, once the job has started.</summary>
    public DateTimeOffset? EndsAt => StartedAt is { } start && Walltime is { } length ? start + length : null;
    public override string ToString() => $"{Id}@{Site}";
}

/// <summary>What an accepted submission gives.</summary>
/// <param name="JobId">The job; the first one of an array.</param>
public sealed record OarSubmission(string Site, long JobId, string Output)
{
    /// <summary>Every job of the array, in the order of their indices.</summary>
    public IReadOnlyList<long> JobIds { get; init => field = value.AsArray(); } = [JobId];
    /// <summary>What OAR's rules remarked, such as a filter that they added.</summary>
    public IReadOnlyList<string> Remarks { get; init => field = value.AsArray(); } = [];
}

/// <summary>A resource of a job: a core of a node, or a VLAN, as <c>oarstat -p</c> prints it.</summary>
public sealed record OarJobResource(string? Host, string? Vlan, string? VlanType, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>The number of the VLAN; null for anything else.</summary>
    public int? VlanNumber => int.TryParse(Vlan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    internal static OarJobResource From(IReadOnlyDictionary<string, string> properties)
    {
        string type = properties.GetValueOrDefault("type", "");
        bool isVlan = type.StartsWith("kavlan", StringComparison.Ordinal);
        return new OarJobResource(Find("network_address") ?? Find("host"), isVlan ? Find("vlan") : null, isVlan ? type : null, properties);

        string? Find(string column) => properties.GetValueOrDefault(column) is { Length: > 0 } value ? value : null;
    }
}
