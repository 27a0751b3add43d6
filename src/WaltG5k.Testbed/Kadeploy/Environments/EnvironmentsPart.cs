using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>Keeps what users have registered beyond the process.</summary>
public sealed class EnvironmentsPart(TestbedWorld world) : ITestbedPart
{
    public string Name => "environments";

    public JsonNode? Save() => world.Environments.Save();

    public void Load(JsonNode state)
    {
        lock (world.Sync) world.Environments.Load(state);
    }

    public void Start() { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
