using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>
/// Which jobs to read. With ids or of an array, ended jobs too; else those that have not ended, unless <see cref="States"/> or <see cref="Since"/>
/// ask for more.
/// </summary>
public sealed record OarJobQuery
{
    /// <summary>What <see cref="User"/> is when the jobs of all users are meant.</summary>
    public const string Everybody = "*";

    public IReadOnlyList<long> JobIds { get; init => field = value.AsArray(); } = [];
    /// <summary>Null: the user's own, or anybody's where ids or an array are given; <c>*</c>: everybody's.</summary>
    public string? User { get; init; }
    public IReadOnlyList<OarJobState> States { get; init => field = value.AsArray(); } = [];
    /// <summary>Ended jobs too, as far as they were there after this date.</summary>
    public DateTimeOffset? Since { get; init; }
    public string? Name { get; init; }
    public long? ArrayId { get; init; }
    /// <summary>Ask for the VLAN numbers too.</summary>
    public bool WithVlans { get; init; }

    /// <summary>Whether jobs are wanted that OAR does not list by itself.</summary>
    internal bool AsksForEnded => ArrayId is not null || Since is not null || States.Any(s => s is OarJobState.Terminated or OarJobState.Error);

    /// <summary>Whether a job that was read is one of those wanted.</summary>
    internal bool Matches(OarJob job) =>
        (User is null or Everybody || job.Owner == User)
        && (Name is null || job.Name == Name)
        && (ArrayId is null || job.ArrayId == ArrayId)
        && (States.Count == 0 || States.Contains(job.State))
        && (!job.IsEnded || JobIds.Count > 0 || AsksForEnded)
        && (Since is not { } date || !job.IsEnded || job.StoppedAt >= date || job.SubmittedAt >= date);
}

/// <summary>Which resources to read.</summary>
public sealed record OarResourceQuery
{
    public IReadOnlyList<string> Hosts { get; init => field = value.AsArray(); } = [];
    public IReadOnlyList<long> ResourceIds { get; init => field = value.AsArray(); } = [];
    /// <summary><c>default</c>, <c>kavlan</c>, <c>subnet</c>, …; empty: all.</summary>
    public IReadOnlyList<string> Types { get; init => field = value.AsArray(); } = [];
    /// <summary>SQL over OAR's properties.</summary>
    public string? Property { get; init; }
}

/// <summary>A row of OAR's table: a core, a VLAN, a subnet, a disk.</summary>
public sealed record OarResource(string Site, long Id)
{
    public string Type { get; init; } = "";
    public string? Host { get; init; }
    /// <summary>Alive, Absent, Dead, Suspected.</summary>
    public string State { get; init; } = "";
    /// <summary>Switched off to save energy: it will be started when it is needed.</summary>
    public bool IsStandby { get; init; }
    public string? Cluster { get; init; }
    public int? Vlan { get; init; }
    /// <summary>Every column that has a value.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
    public override string ToString() => Host ?? (Vlan is { } v ? $"{Type} {v}" : $"{Type} {Id}");
}

/// <summary>What became of a wish for more (or less) walltime.</summary>
public enum OarWalltimeOutcome
{
    /// <summary>Nothing was asked.</summary>
    None,
    Granted,
    PartlyGranted,
    /// <summary>OAR took the wish but another job is in the way: it may be granted later.</summary>
    Pending,
}

/// <summary>The walltime of a job and the changes of it.</summary>
public sealed record OarWalltimeStatus(string Site, long JobId)
{
    /// <summary>In force now; null before the start.</summary>
    public TimeSpan? Walltime { get; init; }
    /// <summary>False before the start and after the end, when nothing can be changed.</summary>
    public bool IsRunning { get; init; }
    /// <summary>How much more could be asked for in all; null when nothing can, <see cref="TimeSpan.MaxValue"/> when there is no limit.</summary>
    public TimeSpan? PossibleIncrease { get; init; }
    /// <summary>The sum of the changes granted so far.</summary>
    public TimeSpan Granted { get; init; }
    /// <summary>Asked and not granted (yet).</summary>
    public TimeSpan Pending { get; init; }
    /// <summary>Of the change that was just asked for.</summary>
    public OarWalltimeOutcome Outcome { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public override string ToString() => $"{JobId}@{Site}: {Outcome}";
}

/// <summary>A wish for another walltime: <c>+1:00</c>, <c>-0:30</c>, or a new total <c>3:00</c>.</summary>
public sealed record OarWalltimeWish
{
    /// <summary>With a sign, as oarwalltime takes it: <c>+1:00:00</c>; without, the new total.</summary>
    public required string Change { get; init; }
    public bool Force { get; init; }
    /// <summary>Jobs behind may be pushed back, where the site allows it.</summary>
    public bool DelayNextJobs { get; init; }
}

/// <summary>What a wait is for.</summary>
public enum OarJobGoal
{
    Running,
    Ended,
}

public enum OarOutputStream
{
    Output,
    Error,
}
