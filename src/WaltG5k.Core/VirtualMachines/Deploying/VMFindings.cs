using WaltG5k.Core.Deployments;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>The findings of a deployment of virtual machines: what each means and what to do.</summary>
static class VMFindings
{
    /// <summary>A host that failed a step.</summary>
    public static Finding HostLost(string step, DeployedHost host, G5kException cause) =>
        new(cause.Code, FindingSeverity.Warning, $"{host.ShortName} is given up: {cause.Message}")
    {
        Step = step,
        Target = host.Name,
        Meaning = cause.Code switch
        {
            "HostUnreachable" => "The host died, or its network did. Its machines are made anew on other hosts, as far as there is room.",
            "HostDiskFull" => "The image or the disks do not fit on the host.",
            "PackagesNotInstalled" => "The host reaches no mirror of Debian, or another program holds the lock of dpkg.",
            "ImageNotSpread" => "The image did not arrive whole: its checksum differs, or no host could send it.",
            _ => "",
        },
        Recommendation = cause.Recommendation ?? $"Look at it: ssh root@{host.SshName}",
    };

    public static Finding HostNotDeployed(DeployedHost host, KadeployResult result) =>
        new("KadeployFailed", FindingSeverity.Warning, $"Kadeploy did not install {host.ShortName}: {result.Reason ?? "no reason given"}.")
    {
        Step = VMStages.Deploy,
        Target = host.Name,
        Seen = result.Step is null ? "" : $"step {result.Step}",
        Meaning = "A node fails now and then; it was tried again. Its machines go to other hosts, as far as there is room.",
        Recommendation = $"Watch it boot: kaconsole3 -m {host.Name} (on f{host.Site}).",
    };

    public static Finding HostNotAble(string node, string why) =>
        new("HostNotAble", FindingSeverity.Warning, $"{HostNames.Short(node)} cannot host virtual machines: {why}.")
    {
        Target = node,
        Recommendation = "Hosts that can: Get-G5kNode, those with a Virtualization.",
    };

    public static Finding MachineHomeless(PlacementRefusal refusal, DeployedHost lost) =>
        new("MachineHomeless", FindingSeverity.Error, $"{refusal.Machine.Id} was on {lost.ShortName}, and no other host has room: {refusal.Reason}")
    {
        Target = refusal.Machine.Id,
        Meaning = "The hosts that are left are full, or the rules of the topology keep the machine off them.",
        Recommendation = "Deploy with a host more, or make machines smaller.",
    };

    public static Finding MachineNotMade(VirtualMachine machine, DeployedHost host, string what, string seen) =>
        new("MachineNotMade", FindingSeverity.Error, $"{machine.Id} on {host.ShortName}: {what}.")
    {
        Target = machine.Id,
        Seen = seen,
        Recommendation = $"Look at it: ssh root@{host.SshName} virsh list --all",
    };

    public static Finding NameTaken(VirtualMachine machine, DeployedHost host) =>
        new("MachineNameTaken", FindingSeverity.Error,
        $"{machine.Id} cannot be made on {host.ShortName}: another virtual machine there has its name.")
    {
        Target = machine.Id,
        Meaning = "It was not made by this deployment, so it is left alone.",
        Recommendation = "Give other names, or let the old machines be removed: -Clean",
    };

    public static Finding MachineSilent(VirtualMachine machine, DeployedHost host, int attempts, TimeSpan waited, string console) =>
        new("MachineSilent", FindingSeverity.Error,
        FormattableString.Invariant(
        $"{machine.Id} on {host.ShortName} does not answer ssh: started {attempts} times, waited {waited.TotalSeconds:0} s each."))
    {
        Target = machine.Id,
        Seen = console,
        Meaning = "It runs, but its system does not come up, has no sshd, or got no address.",
        Recommendation = $"Look at its console: ssh -t root@{host.SshName} virsh console {machine.Id}",
    };

    public static Finding MachineRepeated(VirtualMachine machine, DeployedHost host, string why) =>
        new("MachineRepeated", FindingSeverity.Information, $"{machine.Id} on {host.ShortName} is made anew: {why}.")
    {
        Target = machine.Id,
        Recommendation = "Nothing: it is tried again.",
    };

    public static Finding ProgramFailed(string program, int status, string seen) =>
        new("ProgramFailed", FindingSeverity.Error, FormattableString.Invariant($"The program ended with status {status}: {program}"))
    {
        Step = "program",
        Seen = seen,
        Meaning = "The machines are there; what was to be run on them did not succeed.",
        Recommendation = "Mend it and run it by hand, with the lists of the deployment's folder.",
    };

    public static Finding NotCleaned(DeployedHost host, string why) =>
        new("HostNotCleaned", FindingSeverity.Warning, $"What was put on {host.ShortName} may still be there: {why}")
    {
        Target = host.Name,
        Meaning = "Its job goes on, and with it whatever runs on it.",
        Recommendation = $"Look at it: ssh root@{host.SshName} virsh list --all; or delete the job.",
    };
}
