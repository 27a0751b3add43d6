using WaltG5k.Bench;

// bench [scenario …], or all of them but "lab", which boots virtual nodes for an hour. Run it from the root of the repository, in Release.
string[] all =
[
    "testbed", "makespan", "boot", "process", "execution", "bookkeeping", "objects", "oarjobs", "oarread", "planner", "rpc", "logs",
    "kadeploy", "deploy", "placement", "vms", "bootfs",
];
string[] wanted = args.Length > 0 ? args : all;
bool isMet = true;
foreach (string scenario in wanted)
{
    IReadOnlyList<Measurement> report = scenario switch
    {
        "makespan" => await MakespanScenario.RunAsync(),
        "boot" => await BootScenario.RunAsync(),
        "bootfs" => await BootFsScenario.RunAsync(),
        "rpc" => await RpcScenario.RunAsync(),
        "logs" => await LogScenario.RunAsync(),
        "kadeploy" => KadeployOutputScenario.Run(),
        "deploy" => await KadeployScenario.RunAsync(),
        "testbed" => await TestbedScenario.RunAsync(),
        "execution" => await ExecutionScenario.RunAsync(),
        "bookkeeping" => await BookkeepingScenario.RunAsync(),
        "objects" => [CmdletObjects.Measure()],
        "oarjobs" => await OarJobScenario.RunAsync(),
        "planner" => PlannerScenario.Run(),
        "placement" => PlacementScenario.Run(),
        "vms" => await VMScenario.RunAsync(),
        "oarread" => await OarReadScenario.RunAsync(Environment.CurrentDirectory),
        "lab" => await LabScenario.RunAsync(),
        "process" => ProcessScenario.Run(Environment.CurrentDirectory),
        _ => throw new ArgumentException($"There is no scenario '{scenario}': {string.Join(", ", all)}, lab."),
    };
    foreach (Measurement m in report)
        Console.WriteLine($"{m.IsMet switch { true => "ok    ", false => "MISSED", null => "      " }} {m.Name,-75} {m.Value,-22} {m.Target}");
    isMet &= report.All(m => m.IsMet != false);
}
return isMet ? 0 : 1;
