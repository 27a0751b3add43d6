using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Deploy-G5kNode: puts an environment on nodes of one or several sites.</summary>
[Cmdlet("Deploy", "G5kNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KadeployResult))]
public sealed partial class DeployG5kNodeCommand : WaitingCmdlet
{
    readonly List<G5kNodeRef> _given = [];
    NodeDeploymentRequest? _request;
    DeploymentFiles _files = DeploymentFiles.None;
    /// <summary>While it runs: what Ctrl-C interrupts.</summary>
    volatile NodeDeployment? _running;

    internal override string JobSubject => _request is null ? "" : $"{Environment} on {NodeNames.Fold(_request.Nodes)}";

    protected override void Prepare()
    {
        base.Prepare();
        // The location is that of the runspace, not of the process: files are found here.
        FindFiles();
    }

    protected override void ProcessRecord() => _given.AddRange(Node);

    internal override async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        CheckCombination();
        IReadOnlyList<string> nodes = await NodeLookup.ResolveAsync(this, _given, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> spares = await NodeLookup.ResolveAsync(this, Spare, cancellationToken).ConfigureAwait(false);
        (nodes, spares) = SplitByCount(nodes, spares);
        if (nodes.Count == 0) return false;
        await ReadFilesAsync(cancellationToken).ConfigureAwait(false);
        NodeDeploymentRequest request = ToRequest(nodes, spares);
        var accepted = new List<string>();
        foreach (SiteDeploymentPlan plan in NodeDeployment.Plan(request))
        {
            string target = $"{KadeployNodes.Fold(plan.Nodes)}{(plan.Spares.Count > 0 ? $", spare: {KadeployNodes.Fold(plan.Spares)}" : "")}";
            if (await ConfirmAsync(target, UseApi ? plan.GetApiCall() : plan.GetCommandLine()).ConfigureAwait(false)) accepted.AddRange(plan.Nodes);
        }
        _request = request with { Nodes = accepted };
        return accepted.Count > 0;
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        var grid = new ReportedGrid(Session.Grid, output);
        if (NoWait)
        {
            await OrderAsync(grid, output, cancellationToken).ConfigureAwait(false);
            return;
        }
        NodeDeploymentRequest request = _request!;
        var deployment = new NodeDeployment(request, s => Open(grid, s, output), (s, ct) => FindOwnNodesAsync(grid, s, ct), grid.Time, output);
        var bars = new DeploymentBars(output, deployment,
            $"Deploying {Environment} on {request.Nodes.Count} node{(request.Nodes.Count == 1 ? "" : "s")}");
        deployment.OnResult = output.Write;
        deployment.OnChange = bars.Show;
        _running = deployment;
        NodeDeploymentSummary summary;
        try
        {
            summary = await deployment.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            output.Warning(deployment.DescribeInterruption()); // a job still takes it; a stopped pipeline does not, see Dispose
            throw;
        }
        finally
        {
            bars.Complete();
        }
        _running = null;
        var verdict = new DeploymentVerdict(request, summary);
        verdict.WriteTo(output);
        if ((_localScript ?? ScriptPath) is not null)
            await RunScriptAsync(grid, output, summary, verdict.IsEnough, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A stopped pipeline takes no more output, and the user has to know what the nodes are left with.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Stopping && !AsJob && _running is { } interrupted) Host.UI.WriteWarningLine(interrupted.DescribeInterruption());
        base.Dispose(disposing);
    }

    async Task OrderAsync(ReportedGrid grid, IOutput output, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(NodeDeployment.Plan(_request!), options, async (plan, token) =>
        {
            try
            {
                string id = await Open(grid, plan.Site, output).OrderAsync(plan.Order, token).ConfigureAwait(false);
                foreach (string node in plan.Nodes)
                {
                    output.Write(new KadeployResult(node, false)
                    {
                        Status = KadeployNodeStatus.Waiting,
                        WorkflowId = id,
                        Environment = $"{Environment}",
                        Attempts = 1,
                        StartedAt = grid.Time.GetUtcNow(),
                    });
                }
            }
            catch (G5kException e) { output.WriteError(Errors.From(e)); }
        }).ConfigureAwait(false);
    }

    IDeploymentChannel Open(ReportedGrid grid, string site, IReporter reporter)
    {
        var api = new ApiChannel(grid, site);
        return UseApi ? api : new FallbackChannel(new CommandChannel(grid.GetFrontend(site), grid.Time, _files), api, reporter);
    }

    static async Task<IReadOnlyCollection<string>> FindOwnNodesAsync(ReportedGrid grid, string site, CancellationToken cancellationToken)
    {
        var own = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await foreach (OarJob job in OarClient.For(grid, site).GetJobsAsync(new OarJobQuery { User = grid.User }, cancellationToken)
            .ConfigureAwait(false))
        {
            if (job.State == OarJobState.Running && job.Types.Any(t => t.StartsWith("deploy", StringComparison.Ordinal))) own.UnionWith(job.Nodes);
        }
        return own;
    }

    async Task RunScriptAsync(ReportedGrid grid, IOutput output, NodeDeploymentSummary summary, bool isEnough, CancellationToken cancellationToken)
    {
        string name = _localScript ?? ScriptPath!;
        if (summary.Good.Count == 0 || !isEnough)
        {
            output.Warning($"{name} was not run: there are not enough nodes.");
            return;
        }
        string site = grid.LocalSite ?? summary.Good[0].Site;
        try
        {
            IFrontend frontend = grid.GetFrontend(site);
            string path = ScriptPath ?? await OarScriptFile.CopyAsync(frontend, Path.GetFileName(name),
                await File.ReadAllTextAsync(name, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            CommandResult result = await DeploymentScript.RunAsync(frontend, path, summary, Timeout,
                l => output.Verbose($"{Path.GetFileName(name)}: {l.Text}"), cancellationToken).ConfigureAwait(false);
            if (result.ExitStatus != 0) output.WriteError(Errors.From(Failures.DeploymentScriptFailed(name, site, result)));
            else output.Verbose($"{name} has ended well at {site}.");
        }
        catch (G5kException e) { output.WriteError(Errors.From(e)); }
    }
}
