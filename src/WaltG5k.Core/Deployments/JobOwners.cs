using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.Deployments;

/// <summary>Whose jobs those of deployments are: for the search for orphans.</summary>
static class JobOwners
{
    public static JobOwner Of(DeploymentNouns nouns, string id, DeploymentState state, bool isAlive, IReadOnlyList<ReservationJob> jobs) =>
        new(id, $"{nouns.JobPrefix}-{id}", [.. jobs.Select(j => (j.Site, j.JobId))])
        {
            HasEnded = !isAlive,
            State = state switch { DeploymentState.Failed => "has failed", DeploymentState.Expired => "has outlived its walltime",
            _ => "has been released" },
            Release = state == DeploymentState.Released ? null : $"{nouns.Remove} {id}",
        };
}
