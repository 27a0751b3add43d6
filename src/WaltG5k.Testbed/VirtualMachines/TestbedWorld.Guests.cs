using WaltG5k.Testbed.VirtualMachines;

namespace WaltG5k.Testbed;

public sealed partial class TestbedWorld
{
    GuestLife? _guests;

    /// <summary>Transfers under way from each node.</summary>
    internal Dictionary<NodeModel, int> Uploads { get; } = [];

    /// <summary>The virtual machines on the nodes.</summary>
    internal GuestLife Guests
    {
        get { lock (Sync) return _guests ??= new GuestLife(this); }
    }
}
