using System.Text.Json.Nodes;

namespace WaltG5k.Testbed;

/// <summary>
/// An emulated service (OAR, Kadeploy, KaVLAN, the API, WalT). Its constructor takes the world and adds its commands; the testbed then loads what was
/// saved, if anything, and starts it.
/// </summary>
public interface ITestbedPart : IAsyncDisposable
{
    /// <summary>Its key in the saved state.</summary>
    string Name { get; }

    /// <summary>What has to survive the process, or null. Called under the world's lock.</summary>
    JsonNode? Save();

    /// <summary>Takes back what <see cref="Save"/> gave. Called before <see cref="Start"/>.</summary>
    void Load(JsonNode state);

    /// <summary>Opens sockets, starts loops; must return at once.</summary>
    void Start();
}
