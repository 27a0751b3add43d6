using WaltG5k.Core.Deployments;
using WaltG5k.Lab.Processes;

namespace WaltG5k.Lab;

/// <summary>What may be noticed about a running lab.</summary>
static class LabFindings
{
    public static Finding ServiceEnded(LabProgram program) => new("LabServiceEnded", FindingSeverity.Error, $"The lab's {program.Name} has ended.")
    {
        Target = program.Name,
        Seen = $"status {program.ExitStatus}. {program.ReadTail()}".TrimEnd(),
        Meaning = "Nodes that boot now wait for it in vain, and running ones may lose their root file system.",
        Recommendation = "Start the lab anew: Stop-WaltLab; Start-WaltLab",
    };

    public static Finding NodeEnded(LabProgram program, string console) =>
        new("LabNodeEnded", FindingSeverity.Error, $"The machine of node {program.Name} has ended.")
    {
        Target = program.Name,
        Seen = $"status {program.ExitStatus}. {program.ReadTail()}\n{LabProgram.ReadTail(console)}".Trim(),
        Meaning = "It answers nothing until it is switched on again.",
        Recommendation = $"Invoke-WaltNodeBoot {program.Name} -Method Hard",
    };

    public static Finding NamespaceEnded(string name) =>
        new("LabNamespaceEnded", FindingSeverity.Error, $"The namespaces of the lab's {name} are gone, and with them all that ran there.")
    {
        Target = name,
        Meaning = "Somebody has ended their first process.",
        Recommendation = "Start the lab anew: Stop-WaltLab; Start-WaltLab",
    };

    public static Finding ServerStopped() => new("LabServerStopped", FindingSeverity.Error, "The lab's WalT server does not serve.")
    {
        Meaning = "Nodes get no boot files, and their notifications arrive nowhere.",
        Recommendation = "Start the lab anew: Stop-WaltLab; Start-WaltLab",
    };

    public static Finding NodeNotBooted(string node, string console) =>
        new("LabNodeNotBooted", FindingSeverity.Warning, $"Node {node} is on and has not booted.")
    {
        Target = node,
        Seen = LabProgram.ReadTail(console),
        Meaning = "It boots still, or waits for something that does not come: its console tells.",
        Recommendation = $"Wait for it: Wait-WaltNode {node}   (its console: {console})",
    };

    public static Finding OwnerGone(int process) => new("LabAbandoned", FindingSeverity.Warning, "The process that started the lab is gone.")
    {
        Target = process.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Meaning = "The relay and the WalT server were in it: nothing of the lab works any more.",
        Recommendation = "Stop-WaltLab",
    };
}
