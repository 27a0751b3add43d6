using System.Globalization;
using System.Text;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Internal;

namespace WaltG5k.Commands;

/// <summary>A plan as -WhatIf prints it: jobs, environment, VLAN, steps with their expected times.</summary>
internal static class PlanText
{
    public static string Describe(DeploymentPlan plan)
    {
        DeploymentRequest request = plan.Request;
        var text = new StringBuilder("Deploy a WalT platform\n");
        if (request.Reservation is { } given) Line(text, "jobs", string.Join(", ", given.Jobs));
        foreach (ReservationSitePlan site in plan.Reservation?.Sites ?? []) Line(text, site.Site, OarClient.GetCommandLine(site.Job));
        if (plan.Reservation is { } reservation)
            Line(text, "start",
            $"{reservation.StartText}{(reservation.Slot is { WhyNotEarlier.Length: > 0 } slot ? $": before, {slot.WhyNotEarlier}" : "")}");
        Line(text, "nodes", Nodes(plan));
        Line(text, "environment", request.ServerEnvironment
            ?? (request.Installation == ServerInstallation.Packages ? "debian12 with WalT from packages" : "WalT server environment"));
        Line(text, "VLAN", $"{request.Reservation?.Vlan ?? plan.Reservation?.Request.Vlan}");
        Line(text, "image", request.Image);
        foreach (PlannedStep step in plan.Steps)
            text.Append(CultureInfo.InvariantCulture, $"  {step.Name,-28} {_Format.Text(step.Expected),12}  {step.Description}\n");
        Line(text, "expected", _Format.Text(plan.Expected));
        return text.ToString().TrimEnd();
    }

    static string Nodes(DeploymentPlan plan) => plan switch
    {
        { Request.Reservation: { } given } when given.Nodes.Any() => _Format.Nodes(given.Nodes),
        { Reservation.Request: { } reserve } => $"{_Format.List(reserve.NodeCounts)}, server at {reserve.ServerSite}",
        _ => "known when the jobs run",
    };

    static void Line(StringBuilder text, string label, string value) => text.Append(CultureInfo.InvariantCulture, $"  {label + ":",-28} {value}\n");
}
