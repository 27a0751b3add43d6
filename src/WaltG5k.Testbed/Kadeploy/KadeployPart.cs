using System.Text.Json.Nodes;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>Kadeploy, and with it the machines themselves: what is on their disks and how they boot.</summary>
public sealed class KadeployPart : ITestbedPart
{
    // Beside the nodes, which have dots in their names.
    const string StatisticsKey = "statistics";

    readonly TestbedWorld _world;
    readonly KadeployServer _server;

    public KadeployPart(TestbedWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _server = new KadeployServer(world);
        world.Kadeploy = _server;
        world.Add(new KadeployCommand(_server));
        world.Add(new RebootCommand(_server));
        world.Add(new PowerCommand(_server));
        world.Add(new EnvironmentCommand());
        world.Add(new Environments.TgzCommand());
        world.Add(new NodesCommand(_server));
        world.Add(new StatisticsCommand(_server));
        world.Add(new ConsoleCommand(_server));
        world.Add(new RightsCommand(_server));
    }

    public string Name => "kadeploy";

    public JsonNode? Save()
    {
        JsonObject state = NodeStates.Save(_world);
        lock (_world.Sync) state[StatisticsKey] = _server.Statistics.Save();
        return state;
    }

    public void Load(JsonNode state)
    {
        NodeStates.Load(_world, state);
        if (state[StatisticsKey] is JsonArray records) _server.Statistics.Load(records);
    }

    public void Start() => _world.NodeLife.WatchJobs();

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _world.NodeLife.Dispose();
        return ValueTask.CompletedTask;
    }
}
