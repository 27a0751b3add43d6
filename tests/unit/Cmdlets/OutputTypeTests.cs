using System.Collections;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Walt;

namespace WaltG5k.Tests.Cmdlets;

/// <summary>PowerShell indexes arrays, and not the lists that the compiler makes of collection expressions.</summary>
public class OutputTypeTests
{
    public static TheoryData<string, IEnumerable> Lists => new()
    {
        { "deployment nodes", new DeploymentInfo("d",
            DeploymentState.Ready) { Nodes = [.. Enumerable.Range(1, 2).Select(i => new DeploymentNode($"n{i}", $"n{i}", "s", "m", "i"))] }.Nodes },
        { "deployment steps", new DeploymentInfo("d", DeploymentState.Ready) { Steps = [new("a", StepState.Done), new("b", StepState.Done)] }.Steps },
        { "reservation jobs", new Reservation("r") { Jobs = [new("nancy", 1), new("rennes", 2)] }.Jobs },
        { "reservation sites", new Reservation("r") { Jobs = [new("nancy", 1)] }.Sites },
        { "reservation nodes", new Reservation("r") { Jobs = [new("nancy", 1) { Nodes = ["a", "b"] }] }.Nodes },
        { "network adapters", new NodeInfo("s", "c", "n") { Nics = [new("eth0"), new("eth1")] }.Nics },
        { "boot steps", new WaltBootResult("n") { Steps = [new("route", 1, TimeSpan.Zero), new("boot", 1, TimeSpan.Zero)] }.Steps },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void Lists_of_output_objects_are_arrays(string what, IEnumerable list) => Assert.True(list is Array, what);
}
