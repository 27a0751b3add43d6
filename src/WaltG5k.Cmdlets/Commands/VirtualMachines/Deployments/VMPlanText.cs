using System.Globalization;
using System.Text;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Deploying;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Internal;

namespace WaltG5k.Commands;

/// <summary>A plan as -WhatIf prints it: machines, jobs, hosts, images, steps with their expected times.</summary>
internal static class VMPlanText
{
    public static string Describe(VMDeploymentPlan plan)
    {
        VMDeploymentRequest request = plan.Request;
        IReadOnlyList<VirtualMachine> machines = request.AllMachines;
        var text = new StringBuilder("Deploy virtual machines\n");
        Line(text, "machines", string.Create(CultureInfo.InvariantCulture,
            $"{machines.Count} ({machines.Sum(m => (long)m.Cpu)} vCPU, {_VMFormat.Memory(machines.Sum(m => (long)m.Memory))})"));
        if (request.Reservation is { } given) Line(text, "jobs", string.Join(", ", given.Jobs));
        foreach (ReservationSitePlan site in plan.Reservation?.Sites ?? []) Line(text, site.Site, OarClient.GetCommandLine(site.Job));
        if (plan.Reservation is { } reservation) Line(text, "start", reservation.StartText);
        if (plan.HostCount is { } hosts) Line(text, "hosts", string.Create(CultureInfo.InvariantCulture, $"{hosts}: {plan.Choice}"));
        Line(text, "environment", request.Environment ?? "what the hosts run");
        foreach ((_, VMImage image) in request.Images) Line(text, "image", $"{image.Info}");
        if (request.Vlan != VlanKind.None) Line(text, "VLAN", $"{request.Vlan}");
        if (request.Program is { } program) Line(text, "program", program);
        foreach (PlannedStep step in plan.Steps) Line(text, step.Name, $"{step.Description} ({_Format.Text(step.Expected)})");
        Line(text, "expected", _Format.Text(plan.Expected));
        return text.ToString().TrimEnd();
    }

    static void Line(StringBuilder text, string label, string value) => text.Append(CultureInfo.InvariantCulture, $"  {label + ":",-22} {value}\n");
}
