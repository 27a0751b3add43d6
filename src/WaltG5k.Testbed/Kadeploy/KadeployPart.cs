using System.Text.Json.Nodes;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>Kadeploy, and with it the machines themselves: what is on their disks and how they boot.</summary>
public sealed class KadeployPart : ITestbedPart
{
    readonly TestbedWorld _world;
    readonly KadeployServer _server;

    public KadeployPart(TestbedWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _server = new KadeployServer(world);
        world.Add(new KadeployCommand(_server));
        world.Add(new RebootCommand(_server));
        world.Add(new PowerCommand(_server));
        world.Add(new EnvironmentCommand());
        world.Add(new NodesCommand(_server));
    }

    public string Name => "kadeploy";

    public JsonNode? Save() => NodeStates.Save(_world);

    public void Load(JsonNode state) => NodeStates.Load(_world, state);

    public void Start() => _world.NodeLife.WatchJobs();

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _world.NodeLife.Dispose();
        return ValueTask.CompletedTask;
    }
}
