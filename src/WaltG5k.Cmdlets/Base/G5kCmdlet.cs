using System.Management.Automation;
using System.Management.Automation.Host;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Recipes;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Reservations.Planning;

namespace WaltG5k.Base;

/// <summary>A cmdlet that works on a grid: it resolves the session, and reports what the core says and runs.</summary>
public abstract class G5kCmdlet : AsyncCmdlet, IOutput
{
    G5kSession? _session;
    ReportedGrid? _grid;

    /// <summary>The connection to use; by default the one of this session.</summary>
    [Parameter]
    public G5kSession? Connection { get; set; }

    internal G5kSession Session => _session ?? throw new TerminatingErrorException(Errors.From(Failures.NotConnected()));
    /// <summary>The grid of the session, with every command and call shown on the verbose stream.</summary>
    internal IGrid Grid => _grid ??= new ReportedGrid(Session.Grid, this);
    internal Grid5000Client Api => new(Grid);
    internal RecipeStore Recipes => new(Grid);
    internal ReservationService Reservations => new(Grid, this, Session.Schedules);
    internal SlotPlanner Planner => new(Grid, this, Session.Schedules);
    internal DeploymentService Deployments => new(Grid, this);
    /// <summary>What was learnt is kept for completion.</summary>
    internal NameCache Names => new(Session.Name);

    protected override void Prepare()
    {
        _session = Connection is null ? CurrentSession.Value : Connection.IsConnected ? Connection : null;
        _ = Session;
    }

    protected override ErrorRecord ToErrorRecord(Exception exception) => Errors.From(exception);

    protected override void OnAbandoned(Task body) => _session?.Track(body);

    /// <summary>Asks on the pipeline thread.</summary>
    internal Task<T> AskAsync<T>(Func<T> question) => OnPipelineAsync(question);

    /// <summary>Talks to the host itself, in the order of what is written.</summary>
    internal void OnHost(Action<PSHostUserInterface> act) => Post(() => act(Host.UI));

    internal Task<bool> ConfirmAsync(string target, string action) => OnPipelineAsync(() => ShouldProcess(target, action));

    /// <summary>Writes a failure of one item and goes on with the next.</summary>
    internal void WriteFailure(Exception failure)
    {
        ErrorRecord record = Errors.From(failure);
        Post(() => WriteError(record));
    }

    void IOutput.Write(object value) => Post(() => WriteObject(value));
    void IOutput.WriteError(ErrorRecord error) => Post(() => WriteError(error));
    void IReporter.Verbose(string message) => Post(() => WriteVerbose(message));
    void IReporter.Warning(string message) => Post(() => WriteWarning(message));
    void IReporter.Progress(ProgressUpdate update) => PostProgress(ToRecord(update));

    internal void Write(object value) => Post(() => WriteObject(value));

    internal static ProgressRecord ToRecord(ProgressUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return new ProgressRecord(update.Id, update.Activity, update.Status.Length > 0 ? update.Status : " ")
        {
            PercentComplete = Math.Clamp(update.Percent, -1, 100),
            SecondsRemaining = update.Remaining is { } left ? (int)Math.Clamp(left.TotalSeconds, 0, int.MaxValue) : -1,
            ParentActivityId = update.ParentId,
            RecordType = update.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };
    }
}
