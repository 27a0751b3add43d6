using System.Collections;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Jobs;

namespace WaltG5k.Completers;

/// <summary>Completes virtual machines from what is written down of them.</summary>
public sealed class VMCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : new VMService(session.Grid, SilentReporter.Instance).Names;
}

/// <summary>Completes images of Grid'5000's own; any path on the front-end may be named as well.</summary>
public sealed class VMImageCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        [("debian11", "debian11-x64-base.qcow2"), ("debian12", "debian12-x64-base.qcow2"), ("debian12-x64-nfs.qcow2", "with Grid'5000's homes")];
}

/// <summary>Completes local ports that are open to virtual machines.</summary>
public sealed class PortForwardCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : session.PortForwards.All.Select(f => (FormattableString.Invariant($"{f.LocalPort}"), f.ToString()));
}
