using System.Collections;
using WaltG5k.Core.Oar;

namespace WaltG5k.Completers;

/// <summary>Completes users: oneself and everybody.</summary>
public sealed class UserCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        [("me", session?.User ?? ""), ("*", "everybody")];
}

/// <summary>Completes signals.</summary>
public sealed class SignalCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        OarSignals.Names.Select(n => (n, $"signal {OarSignals.GetNumber(n)}"));
}

/// <summary>Completes Grid'5000's queues.</summary>
public sealed class QueueCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
    [
        ("default", "the clusters of the experimental testbed"), ("production", "the production clusters"),
            ("besteffort", "jobs that give way to any other"),
        ("testing", "clusters that are being set up"), ("admin", "for administrators"),
    ];
}

/// <summary>Completes the job types that Grid'5000's rules know.</summary>
public sealed class JobTypeCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
    [
        ("allow_classic_ssh", "plain ssh to the nodes works without a system of one's own"), ("besteffort", "killed when others need the nodes"),
        ("container", "other jobs run within it"), ("cosystem", "the command runs on a service host, not on a node"),
        ("day", "charged as a job of the day"),
        ("deploy", "for Kadeploy: whole nodes, the command runs on the front-end"), ("destructive", "may leave the nodes in any state"),
        ("exotic", "clusters with unusual hardware too"), ("idempotent", "submitted again when it was killed"),
        ("inner=", "runs within a container job"),
        ("monitor", "measured by the wattmeters"), ("night", "only at night and at week-ends"), ("noop", "nothing runs"),
    ];
}

/// <summary>Completes types of resources.</summary>
public sealed class ResourceTypeCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
    [
        ("default", "cores of nodes"), ("disk", "local disks"), ("kavlan", "routed VLANs"), ("kavlan-global", "VLANs over all sites"),
        ("kavlan-local", "isolated VLANs"), ("subnet", "subnets for virtual machines"),
    ];
}
