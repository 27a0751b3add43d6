using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Core.Deployments;

/// <summary>The findings of a deployment: one place for what each means on Grid'5000 and what to do.</summary>
static class Findings
{
    public static Finding WalltimeCut(string site, long job, TimeSpan cut, TimeSpan left) =>
        new("WalltimeCut", FindingSeverity.Warning, $"The job {job} at {site} started late: {(int)cut.TotalSeconds} s of its walltime are lost.")
    {
        Target = $"{site}:{job}",
        Seen = $"OAR gives it {left:hh\\:mm\\:ss} from its start.",
        Meaning = "A reservation ends when it was to end, however late it starts: OAR cuts the walltime.",
        Recommendation = $"When it becomes too short: oarwalltime {job} +0:30 (on f{site}).",
    };

    public static Finding NodeNotBootable(NodeInfo node) =>
        new("NodeNotBootable", FindingSeverity.Warning, $"{node.ShortName} cannot be a WalT node.")
    {
        Seen = $"architecture {node.Architecture}, firmware {node.BootType}, main adapter {(node.MainNic is { Kavlan: true } ? "under" : "not under")} KaVLAN",
        Meaning = "WalT 10.0 boots x86_64 nodes by BIOS PXE, over an adapter that KaVLAN can move.",
        Recommendation = $"Reserve with -Cluster; candidates: Get-G5kNode -Site {node.Site} -WaltNode",
    };

    public static Finding VlanNotSet(KavlanNodeResult result, int vlan) =>
        new("VlanNotSet", FindingSeverity.Warning, $"KaVLAN did not move {result.NetworkAddress} into VLAN {vlan}.")
    {
        Seen = $"after {result.Attempts} attempts kavlan -g tells {(result.Vlan is null ? "nothing" : $"VLAN {result.Vlan}")}",
        Meaning = "kavlan reports success before the switch has obeyed; sometimes it never does, mostly between sites.",
        Recommendation =
        "The deployment goes on without the node when -MinNodes allows. For good: another node, and a word to support-staff@lists.grid5000.fr.",
    };

    public static Finding NodeRebootedAgain(DeploymentNode node, int round, TimeSpan waited) =>
        new("NodeRebootedAgain", FindingSeverity.Information,
        $"{node.WaltName} did not boot within {waited.TotalMinutes:0} min; hard reboot {round + 1}.")
    {
        Target = node.Name,
        Meaning = "A hard reboot or a PXE boot fails now and then.",
        Recommendation = "Nothing: it is tried again.",
    };

    public static Finding NodeNotBooted(DeploymentNode node, int reboots) =>
        new("NodeNotBooted", FindingSeverity.Warning, $"{node.WaltName} did not boot after {reboots} hard reboots.")
    {
        Seen = "no boot notification reached the WalT server",
        Meaning = "The node does not reach PXE, or not this network: a dead management card, a wrong VLAN, a boot order that skips the network.",
        Recommendation = $"Watch it boot: kaconsole3 -m {node.Name} (on f{node.Site}).",
    };

    public static Finding SiteDidNotBoot(string site, int nodes) =>
        new("SiteDidNotBoot", FindingSeverity.Error, $"None of the {nodes} node(s) of {site} booted.")
    {
        Target = site,
        Seen = "no boot notification from this site reached the WalT server",
        Meaning = "What all nodes of a site share is at fault: the VLAN does not reach the site, or its DHCP still answers.",
        Recommendation = $"Check on f{site}: kavlan -g -m NODE, and with kavlan -l that the VLAN is the right one.",
    };

    public static Finding StepRetried(string step, int attempt, int attempts, Exception cause) => FromException(step, cause) with
    {
        Code = "StepRetried",
        Severity = FindingSeverity.Information,
        Title = $"{step}: attempt {attempt} of {attempts} failed and is repeated. {cause.Message}",
    };

    /// <summary>A failure that ended a step.</summary>
    public static Finding FromException(string step, Exception cause)
    {
        var known = cause as G5kException;
        string code = known?.Code ?? "Unexpected";
        return new Finding(code, FindingSeverity.Error, cause.Message)
        {
            Step = step,
            Target = known?.Target?.ToString() ?? "",
            Seen = (cause as CommandFailedException ?? cause.InnerException as CommandFailedException) is { } command
            ? $"$ {command.Result.Request} -> {command.Result.ExitStatus}\n{command.Result.LastLines()}"
            : "",
            Meaning = MeaningOf(code),
            Recommendation = known?.Recommendation ?? "This is a defect of WaltG5k: please report it with the folder of the deployment's journal.",
        };
    }

    static string MeaningOf(string code) => code switch
    {
        "JobEnded" => "OAR ended the job: an administrator, another shell, or the walltime. Its nodes are gone.",
        "JobWaitTimeout" => "The job was accepted but does not start: its nodes are not alive, or OAR is stuck.",
        "NoFreeResource" or "ReservationRefused" => "Other jobs hold what was asked for.",
        "KadeployServerFailed" => "kadeploy3 ends with status 0 even when a node failed; its list of nodes tells the truth.",
        "VlanRightsMissing" => "The right to a global VLAN is granted where the job runs and spreads to the other sites with a delay.",
        "VlanNotSet" => "kavlan reports success before the switch has obeyed; sometimes it never does, mostly between sites.",
        "ServerNotConfigured" => "The server is installed but its WalT services do not come up.",
        "RpcTimeout" => "A WalT server stays silent when a call fails inside it.",
        "RpcConnectionLost" => "The WalT server closed the connection in the middle of a call: it was restarted, or does not understand the call.",
        "NotEnoughNodes" => "Failures of single nodes are usual on Grid'5000; this deployment asked for more than are left.",
        "StepTimeout" => "Something that usually takes a known time did not end.",
        "FrontendUnreachable" => "The site's front-end does not answer, or refuses this account.",
        _ => "",
    };
}
