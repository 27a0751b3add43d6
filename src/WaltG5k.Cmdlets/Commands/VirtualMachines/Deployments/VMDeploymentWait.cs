using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Internal;

namespace WaltG5k.Commands;

/// <summary>
/// Waits for deployments of virtual machines: progress of each step on the way, the final state and an error per grave finding at the end.
/// </summary>
internal sealed class VMDeploymentWait(G5kSession session, IOutput output, TimeSpan timeout)
{
    const int ProgressId = 0x67356b07;

    public async Task WaitAsync(string id, bool writesResult, CancellationToken cancellationToken)
    {
        var service = new VMDeploymentService(new ReportedGrid(session.Grid, output), output);
        string activity = $"virtual machines {id}";
        using IDisposable listening = session.Relay.Attach(output);
        try
        {
            VMDeploymentInfo ready = await service.WaitAsync(id, timeout, d => output.Progress(ToProgress(activity, d)), cancellationToken)
                .ConfigureAwait(false);
            WriteEnd(ready, writesResult, null);
        }
        catch (G5kException e) when (e.Code is "DeploymentTimeout" or "DeploymentNotFound") { output.WriteError(Errors.From(e)); }
        catch (G5kException e) { WriteEnd(service.Get(id), writesResult, e); }
        finally { output.Progress(new ProgressUpdate(ProgressId, activity, "Done") { Completed = true }); }
    }

    void WriteEnd(VMDeploymentInfo deployment, bool writesResult, G5kException? failure)
    {
        if (writesResult) output.Write(deployment);
        IReadOnlyList<Finding> grave = [.. deployment.Findings.Where(f => f.Severity == FindingSeverity.Error)];
        foreach (Finding finding in grave) output.WriteError(Errors.From(Failures.FromFinding(finding)));
        if (failure is not null && grave.Count == 0) output.WriteError(Errors.From(failure));
    }

    static ProgressUpdate ToProgress(string activity, VMDeploymentInfo deployment)
    {
        string[] running = [.. deployment.Steps.Where(s => s.State == StepState.Running).Select(s => StepText(s, deployment))];
        string left = deployment.Remaining is { } remaining ? $", about {_Format.Text(remaining)} left" : "";
        return new ProgressUpdate(ProgressId, activity, $"{(running.Length > 0 ? string.Join(", ", running) : deployment.State.ToString())}{left}")
        {
            Percent = deployment.PercentComplete, Remaining = deployment.Remaining,
        };
    }

    /// <summary>A step that takes hosts one by one tells how many it has behind it.</summary>
    static string StepText(DeploymentStepInfo step, VMDeploymentInfo deployment) => step.Name switch
    {
        "machines.wait" => FormattableString.Invariant($"{step.Name} {deployment.MachinesReady} of {deployment.MachineCount}"),
        _ when step.Name.StartsWith("hosts.", StringComparison.Ordinal) || step.Name.StartsWith("machines.", StringComparison.Ordinal) =>
            FormattableString.Invariant(
            $"{step.Name} {deployment.Hosts.Count(h => h.Stages.Contains(step.Name, StringComparer.Ordinal))} of {deployment.HostCount}"),
        _ => step.Name,
    };
}
