using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Deployments;

/// <summary>What differs between kinds of deployments: their steps, and what these work on.</summary>
abstract class DeploymentKind<TContext> where TContext : StepContext
{
    public abstract DeploymentNouns Nouns { get; }

    public abstract TContext Open(IGrid grid, IReporter reporter, DeploymentJournal journal, JournalReader past);

    /// <summary>The steps, which follow from the request alone: so that a resumed deployment has the same. Needs come first.</summary>
    public abstract IReadOnlyList<Step<TContext>> Steps(TContext context);
}

sealed class WaltDeploymentKind : DeploymentKind<DeploymentContext>
{
    public static WaltDeploymentKind Instance { get; } = new();

    public override DeploymentNouns Nouns => DeploymentNouns.Walt;

    public override DeploymentContext Open(IGrid grid, IReporter reporter, DeploymentJournal journal, JournalReader past) =>
        new(grid, reporter, journal, past);

    public override IReadOnlyList<Step<DeploymentContext>> Steps(DeploymentContext context) => DeploymentPlanner.Steps(context.Request);
}
