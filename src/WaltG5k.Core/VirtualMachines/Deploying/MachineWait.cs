using WaltG5k.Core.Deployments;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>
/// Sees every machine to its end: it answers, or is given up. Machines that do not answer in time are made anew; those that came to a host after its
/// own were started are made there; a host that no longer answers is given up.
/// </summary>
sealed class MachineWait(VMDeploymentContext context)
{
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await RenewServiceAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(context.Hosts.Where(h => context.Board.HasPassed(h.Name, VMStages.Start)).Select(h => TendAsync(h, cancellationToken)))
                .ConfigureAwait(false);
            VirtualMachine[] all = context.Facts.Topology!.Machines;
            context.EnsureEnough();
            if (all.All(m => context.ProgressOf(m.Id).Stage is VMStage.Ready or VMStage.Failed))
                return $"{all.Count(m => context.ProgressOf(m.Id).Stage == VMStage.Ready)} of {all.Length} machine(s)";
            await Task.Delay(s_pause, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The host that gives addresses in a VLAN may be among those that die.</summary>
    async Task RenewServiceAsync(CancellationToken cancellationToken)
    {
        if (context.Facts.ServiceHost is { } service && context.Board.IsLost(service))
            await VlanService.StartAsync(context, cancellationToken).ConfigureAwait(false);
    }

    async Task TendAsync(DeployedHost host, CancellationToken cancellationToken)
    {
        try
        {
            await MakeLateOnesAsync(host, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<VirtualMachine> waiting = VMSteps.At(context, host, VMStage.Started);
            if (waiting.Count == 0) return;
            IReadOnlySet<string> answering = await HostMachines.LookAsync(context, host, waiting, cancellationToken).ConfigureAwait(false);
            foreach (VirtualMachine machine in waiting)
            {
                MachineProgress progress = context.ProgressOf(machine.Id);
                TimeSpan waited = context.Time.GetUtcNow() - (progress.StartedAt ?? context.Time.GetUtcNow());
                if (answering.Contains(machine.Id)) context.Advance([machine.Id], VMStage.Ready, Math.Round(waited.TotalSeconds, 1));
                else if (waited > context.Request.MachineTimeout)
                    await RepeatAsync(host, machine, progress.Attempts, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (G5kException e)
        {
            if (e.Code is "HostUnreachable" or "HostRefuses") await JobWatcher.CheckAsync(context, cancellationToken).ConfigureAwait(false);
            context.Lose(host, VMFindings.HostLost("machines.wait", host, e));
        }
    }

    async Task RepeatAsync(DeployedHost host, VirtualMachine machine, int attempts, CancellationToken cancellationToken)
    {
        if (attempts > context.Request.MachineRetries)
        {
            string console = await HostMachines.ReadConsoleAsync(context, host, machine, cancellationToken).ConfigureAwait(false);
            context.Fail(machine, VMFindings.MachineSilent(machine, host, attempts, context.Request.MachineTimeout, console));
            return;
        }
        context.Report(VMFindings.MachineRepeated(machine, host,
            FormattableString.Invariant($"it did not answer for {context.Request.MachineTimeout.TotalSeconds:0} s")));
        await HostMachines.RemoveAsync(context, host, machine, cancellationToken).ConfigureAwait(false);
        context.Advance([machine.Id], VMStage.Placed);
    }

    async Task MakeLateOnesAsync(DeployedHost host, CancellationToken cancellationToken)
    {
        IReadOnlyList<VirtualMachine> placed = VMSteps.At(context, host, VMStage.Placed);
        if (placed.Count > 0)
        {
            await Task.WhenAll(context.Spread.For(host).Select(i => context.Spread.EnsureAsync(host, i, cancellationToken))).ConfigureAwait(false);
            await HostDisks.MakeAsync(context, host, placed, cancellationToken).ConfigureAwait(false);
        }
        await HostMachines.StartAsync(context, host, VMSteps.At(context, host, VMStage.Prepared), cancellationToken).ConfigureAwait(false);
    }
}
