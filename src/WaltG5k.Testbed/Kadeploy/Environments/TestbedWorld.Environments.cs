using WaltG5k.Testbed.Kadeploy.Environments;

namespace WaltG5k.Testbed;

public sealed partial class TestbedWorld
{
    EnvironmentStore? _environments;

    /// <summary>What Kadeploy can install, at each site.</summary>
    internal EnvironmentStore Environments
    {
        get { lock (Sync) return _environments ??= new EnvironmentStore(); }
    }
}
