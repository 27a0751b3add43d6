using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Internal;

namespace WaltG5k.Commands;

/// <summary>Waits for deployments: progress on the way, the final state and an error per grave finding at the end.</summary>
internal sealed class DeploymentWait(G5kSession session, IOutput output, TimeSpan timeout)
{
    const int ProgressId = 0x67356b02;

    /// <param name="writesResult">Whether the final state goes to the output.</param>
    public async Task WaitAsync(string id, bool writesResult, CancellationToken cancellationToken)
    {
        var service = new DeploymentService(new ReportedGrid(session.Grid, output), output);
        string activity = $"WalT deployment {id}";
        using IDisposable listening = session.Relay.Attach(output);
        try
        {
            DeploymentInfo ready = await service.WaitAsync(id, timeout, d => output.Progress(ToProgress(activity, d)), cancellationToken)
                .ConfigureAwait(false);
            WriteEnd(ready, writesResult, null);
        }
        catch (G5kException e) when (e.Code is "DeploymentTimeout" or "DeploymentNotFound") { output.WriteError(Errors.From(e)); }
        catch (G5kException e) { WriteEnd(service.Get(id), writesResult, e); }
        finally { output.Progress(new ProgressUpdate(ProgressId, activity, "Done") { Completed = true }); }
    }

    void WriteEnd(DeploymentInfo deployment, bool writesResult, G5kException? failure)
    {
        if (writesResult) output.Write(deployment);
        IReadOnlyList<Finding> grave = [.. deployment.Findings.Where(f => f.Severity == FindingSeverity.Error)];
        foreach (Finding finding in grave) output.WriteError(Errors.From(Failures.FromFinding(finding)));
        if (failure is not null && grave.Count == 0) output.WriteError(Errors.From(failure));
    }

    static ProgressUpdate ToProgress(string activity, DeploymentInfo deployment)
    {
        string nodes = deployment.Nodes.Count > 0 ? $", nodes ready {deployment.NodesReady} of {deployment.Nodes.Count}" : "";
        string step = deployment.CurrentStep.Length > 0 ? deployment.CurrentStep : deployment.State.ToString();
        string left = deployment.Remaining is { } remaining ? $", about {_Format.Text(remaining)} left" : "";
        return new ProgressUpdate(ProgressId, activity, $"{step}{nodes}{left}") { Percent = deployment.PercentComplete,
            Remaining = deployment.Remaining };
    }
}
