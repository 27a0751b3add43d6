using WaltG5k.Core.Deployments.Steps;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Recipes;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.Deployments;

/// <summary>Checks a request and lays out its steps. Sends nothing.</summary>
sealed class DeploymentPlanner(IGrid grid, IReporter reporter)
{
    public async Task<DeploymentPlan> PlanAsync(DeploymentRequest request, CancellationToken cancellationToken)
    {
        if (request.Recipe is { } recipe) request = request with { Reserve = FromRecipe(recipe) };
        ReservationPlan? reservation = null;
        if (request.Reservation is { } given) CheckReservation(given);
        else
        {
            ReservationRequest reserve = request.Reserve
                ?? throw new G5kException("NothingToDeployOn", ErrorKind.InvalidArgument,
                "Neither a recipe, nor a reservation, nor sites are given.", null,
                "Run: New-G5kReservation -Site nancy -NodeCount 3 -ServerNode -Vlan Local | New-WaltDeployment");
            reserve = WithServerAndVlan(reserve);
            reservation = await new ReservationService(grid, reporter).PlanAsync(reserve, cancellationToken).ConfigureAwait(false);
            request = request with { Reserve = reserve };
        }
        CheckNodes(request, reservation);
        request = request with { ServerEnvironment = ServerSteps.EnvironmentOf(request) };
        PlannedStep[] steps = [.. Steps(request).Select(s => s.ToPlanned())];
        return new DeploymentPlan(request, reservation, steps) { Expected = Schedule.CriticalPath(steps) };
    }

    /// <summary>The steps, which follow from the request alone: so that a resumed deployment has the same.</summary>
    public static IReadOnlyList<DeploymentStep> Steps(DeploymentRequest request)
    {
        if (request.Reservation is { } given)
            return DeploymentGraph.Build(request, [.. given.Sites], given.ServerSite!, given.Jobs.First(j => j.HoldsVlan).Site);
        ReservationRequest reserve = request.Reserve!;
        string[] sites = [.. reserve.NodeCounts.Keys.Append(reserve.ServerSite!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return DeploymentGraph.Build(request, sites, reserve.ServerSite!, ReservationPlanner.PreferredVlanSite(reserve, sites));
    }

    public static ReservationRequest FromRecipe(WaltRecipe recipe)
    {
        if (recipe.ServerSite is null || recipe.NodeCounts.Count == 0)
            throw new G5kException("RecipeIncomplete", ErrorKind.InvalidData,
                $"The recipe '{recipe.Name}' names {(recipe.ServerSite is null ? "no server site" : "no nodes")}.", recipe.Name,
                $"Run: Set-WaltRecipe -Name {recipe.Name} -ServerSite nancy -NodeCount @{{ nancy = 3 }}");
        return new ReservationRequest
        {
            NodeCounts = recipe.NodeCounts,
            ServerSite = recipe.ServerSite,
            Vlan = recipe.NodeCounts.Keys.Any(s => s != recipe.ServerSite) ? VlanKind.Global : VlanKind.Local,
            Walltime = recipe.Walltime,
            Start = recipe.Schedule == RecipeSchedule.Night ? ReservationStart.Night : ReservationStart.First,
        };
    }

    /// <summary>A platform needs a server and a VLAN: what was left open is filled in.</summary>
    static ReservationRequest WithServerAndVlan(ReservationRequest reserve)
    {
        string? server = reserve.ServerSite ?? (reserve.NodeCounts.Count == 1 ? reserve.NodeCounts.Keys.First() : null);
        if (server is null)
            throw new G5kException("ServerSiteMissing", ErrorKind.InvalidArgument, "Several sites are given, but not which one gives the server.",
                string.Join(", ", reserve.NodeCounts.Keys), "Add -ServerSite.");
        bool oneSite = reserve.NodeCounts.Keys.All(s => s == server);
        return reserve with { ServerSite = server, Vlan = reserve.Vlan != VlanKind.None ? reserve.Vlan : oneSite ? VlanKind.Local : VlanKind.Global };
    }

    static void CheckReservation(Reservation reservation)
    {
        if (reservation.State == "Ended")
            throw new G5kException("JobEnded", ErrorKind.InvalidOperation, $"The jobs of the reservation {reservation.Name} have ended.",
                reservation, "Reserve anew with New-G5kReservation.");
        if (reservation.ServerSite is null)
            throw new G5kException("ReservationHasNoServer", ErrorKind.InvalidArgument,
                $"The reservation {reservation.Name} holds no node for the WalT server.", reservation, "Reserve with -ServerNode.");
        if (reservation.Vlan == VlanKind.None || !reservation.Jobs.Any(j => j.HoldsVlan))
            throw new G5kException("ReservationHasNoVlan", ErrorKind.InvalidArgument, $"The reservation {reservation.Name} holds no VLAN.",
                reservation, "Reserve with -Vlan Local, or -Vlan Global for several sites.");
        if (reservation.Vlan != VlanKind.Global && reservation.Jobs.Count > 1)
            throw new G5kException("VlanNeedsOneSite", ErrorKind.InvalidArgument,
                $"The reservation {reservation.Name} spans several sites, but its VLAN exists at one only.", reservation,
                "Reserve with -Vlan Global.");
    }

    static void CheckNodes(DeploymentRequest request, ReservationPlan? reservation)
    {
        int? nodes = reservation?.Request.NodeCounts.Values.Sum();   // a search for the most nodes finds more than are asked for
        if (nodes == 0)
            throw new G5kException("InvalidNodeCount", ErrorKind.InvalidArgument, "A platform needs at least one node beside its server.", 0,
                "Give -NodeCount.");
        if (request.MinNodes is { } least && (least < 1 || least > (nodes ?? int.MaxValue)))
            throw new G5kException("InvalidMinNodes", ErrorKind.InvalidArgument,
                $"-MinNodes {least} is not between 1 and the number of nodes ({nodes}).", least, "Leave -MinNodes out to need them all.");
        if (request.Unattended && request.Reservation is not null)
            throw new G5kException("UnattendedNeedsItsOwnJobs", ErrorKind.InvalidArgument, "Jobs that exist already cannot be given a command.",
                request.Reservation, "Leave the reservation to New-WaltDeployment: give -Recipe or -Site.");
    }
}
