using System.Collections;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Deploying;

namespace WaltG5k.Completers;

/// <summary>Completes deployments of virtual machines from their journals.</summary>
public sealed class VMDeploymentCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : new VMDeploymentService(session.Grid, SilentReporter.Instance).GetAll()
        .Select(d => (d.Id, FormattableString.Invariant($"{d.State} {d.MachinesReady} of {d.MachineCount} machines")));
}
