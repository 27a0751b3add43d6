using System.Collections.Concurrent;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kavlan;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.Deployments;

/// <summary>What a step of any kind of deployment has at hand: the grid's services, its jobs, and the journal behind them.</summary>
abstract class StepContext : IAsyncDisposable
{
    const int RemoteActions = 16;

    readonly DeploymentJournal _journal;
    readonly ConcurrentDictionary<string, IFrontend> _frontends = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _remoteActions = new(RemoteActions);

    protected StepContext(IGrid grid, IReporter reporter, DeploymentJournal journal, JournalReader past)
    {
        Grid = grid;
        Reporter = reporter;
        _journal = journal;
        Id = past.Created.Id;
        Api = new Grid5000Client(grid);
    }

    public string Id { get; }
    public IGrid Grid { get; }
    public TimeProvider Time => Grid.Time;
    public IReporter Reporter { get; }
    public Grid5000Client Api { get; }

    /// <summary>The cmdlets that its messages name.</summary>
    public abstract DeploymentNouns Nouns { get; }
    /// <summary>The jobs, as soon as they are known.</summary>
    public abstract Reservation? Reservation { get; }
    /// <summary>What is to be reserved; null: jobs were given.</summary>
    public abstract ReservationRequest? Reserve { get; }
    /// <summary>True when this deployment (or New-G5kReservation for it) made the jobs: a failure may then delete them.</summary>
    public abstract bool MayRelease { get; }
    public abstract bool KeepOnFailure { get; }
    /// <summary>Jobs that the user brought go on when the deployment is cancelled.</summary>
    public virtual bool KeepsGivenJobs => false;
    /// <summary>The main OAR job drives the deployment, not this process.</summary>
    public virtual bool IsUnattended => false;
    /// <summary>What the main job runs; null: it just holds its nodes.</summary>
    public virtual string? MainCommand => null;
    /// <summary>The name of its jobs, by which they are found even when their ids were never written down.</summary>
    public string JobName => $"{Nouns.JobPrefix}-{Id}";

    /// <summary>The jobs have changed: written down before the call returns.</summary>
    public abstract void SetReservation(Func<Reservation?, Reservation> change, bool? mayRelease = null);

    /// <summary>Called when a step is done, or was when the deployment is resumed.</summary>
    public virtual void OnDone(string step) { }

    /// <summary>Takes from the nodes what was put there, where they outlive the deployment. Called before the end is written.</summary>
    public virtual Task CleanAsync(bool jobsEnd, CancellationToken cancellationToken) => Task.CompletedTask;

    public IFrontend Frontend(string site) => _frontends.GetOrAdd(site, s => new LimitedFrontend(Grid.GetFrontend(s), _remoteActions));
    public OarClient Oar(string site) => new(Frontend(site), Time);
    public KavlanClient Kavlan(string site) => new(Frontend(site), Time);
    public KadeployClient Kadeploy(string site) => new(Frontend(site));
    public ReservationJob JobAt(string site) => Reservation!.Jobs.First(j => j.Site == site);

    public void Write(StepPart step) => Append(new JournalEntry { Step = step });

    public void Write(StatePart state) => Append(new JournalEntry { State = state });

    protected void Append(JournalEntry entry) => _journal.Append(entry);

    public void Report(Finding finding)
    {
        finding = finding with { DeploymentId = Id, Date = Time.GetUtcNow() };
        Append(new JournalEntry { Finding = finding });
        if (finding.Severity != FindingSeverity.Information) Reporter.Warning($"{finding.Code}: {finding.Title}");
        else Reporter.Verbose($"{finding.Code}: {finding.Title}");
    }

    public virtual ValueTask DisposeAsync()
    {
        _remoteActions.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
