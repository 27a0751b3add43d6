using System.Globalization;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations;

/// <summary>Why nobody seems to need something.</summary>
public enum OrphanKind
{
    /// <summary>A job with a name of ours that no reservation and no deployment knows.</summary>
    UnknownJob,
    /// <summary>A job of a reservation's name that the reservation does not count among its own.</summary>
    StrayJob,
    /// <summary>A job of a submission whose process died.</summary>
    InterruptedSubmission,
    /// <summary>A job of a deployment that has ended.</summary>
    EndedDeployment,
    /// <summary>A note of a reservation of which no job is left.</summary>
    StaleReservation,
}

/// <summary>Something of ours that is left over: a job that holds nodes for nobody, or a note about jobs that are gone.</summary>
/// <param name="Name">The name of the job, and of the reservation.</param>
public sealed record Orphan(OrphanKind Kind, string Name)
{
    /// <summary>The site of the job; of a note, all its sites.</summary>
    public required string Site { get; init; }
    /// <summary>Null for a note without a job.</summary>
    public long? JobId { get; init; }
    public OarJobState? State { get; init; }
    public IReadOnlyList<string> Nodes { get; init => field = value.AsArray(); } = [];
    public DateTimeOffset? EndsAt { get; init; }
    /// <summary>Why it is thought to be an orphan.</summary>
    public required string Reason { get; init; }
    /// <summary>What to do, as a command.</summary>
    public required string Recommendation { get; init; }
    /// <summary>A job as <c>site:id</c>, a note by its name.</summary>
    public override string ToString() => JobId is { } id ? string.Create(CultureInfo.InvariantCulture, $"{Site}:{id}") : Name;
}

/// <summary>Whoever else than a reservation may need jobs: a deployment.</summary>
/// <param name="Id">How it is called.</param>
/// <param name="JobName">The name that its jobs have.</param>
/// <param name="Jobs">Those that it knows.</param>
public sealed record JobOwner(string Id, string JobName, IReadOnlyList<(string Site, long JobId)> Jobs)
{
    /// <summary>It needs its jobs no more.</summary>
    public bool HasEnded { get; init; }
    /// <summary>How its end is told: "has failed".</summary>
    public string State { get; init; } = "";
    /// <summary>The command that ends what is left of it; null: the jobs have to be deleted by themselves.</summary>
    public string? Release { get; init; }
}
