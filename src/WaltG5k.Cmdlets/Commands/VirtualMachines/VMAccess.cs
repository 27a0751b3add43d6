using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>What the cmdlets of virtual machines in jobs share: which machines are meant, and how they stand.</summary>
internal static class VMAccess
{
    public static VMService Open(G5kCmdlet cmdlet) => new(cmdlet.Grid, cmdlet);

    /// <summary>The names that are meant, each once. A name that nobody knows is an error record; a wildcard that matches nothing is none.</summary>
    public static IReadOnlyList<string> Resolve(G5kCmdlet cmdlet, IEnumerable<G5kVMRef> wanted)
    {
        string[] known = [.. Open(cmdlet).Names.Select(n => n.Name)];
        var names = new List<string>();
        foreach (G5kVMRef machine in wanted)
        {
            bool isPattern = machine.Name.AsSpan().ContainsAny('*', '?');
            var filter = new NameFilter([machine.Name]);
            string[] found = [.. known.Where(n => filter.Matches(n))];
            if (found.Length == 0 && !isPattern) cmdlet.WriteFailure(Failures.VMNotFound(machine.Name, Suggestions.Near(machine.Name, known)));
            names.AddRange(found.Where(f => !names.Contains(f)));
        }
        return names;
    }

    /// <summary>The machines that are meant, as they are now.</summary>
    public static async Task<IReadOnlyList<G5kVM>> ReadAsync(G5kCmdlet cmdlet, IEnumerable<G5kVMRef> wanted, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = Resolve(cmdlet, wanted);
        var machines = new List<G5kVM>();
        await foreach (G5kVM vm in Open(cmdlet).ReadAsync((name, _) => names.Contains(name), cmdlet.WriteFailure, cancellationToken)
            .ConfigureAwait(false)) machines.Add(vm);
        return [.. machines.OrderBy(m => names.ToList().IndexOf(m.Name))];
    }

    /// <summary>Those that can be reached now, in jobs and in deployments; each other one is an error record.</summary>
    public static async Task<IReadOnlyList<G5kVM>> ReadRunningAsync(G5kCmdlet cmdlet, IEnumerable<G5kVMRef> wanted,
        CancellationToken cancellationToken)
    {
        var running = new List<G5kVM>();
        G5kVMRef[] all = [.. wanted];
        IReadOnlyList<G5kVM> inJobs = await ReadAsync(cmdlet, all.Where(r => r.Deployed is null), cancellationToken).ConfigureAwait(false);
        foreach (G5kVM vm in all.Select(r => r.Deployed).OfType<G5kVM>().Concat(inJobs))
        {
            try
            {
                vm.ToTarget();
                running.Add(vm);
            }
            catch (G5kException e) { cmdlet.WriteFailure(e); }
        }
        return running;
    }
}
