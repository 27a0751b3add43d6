namespace WaltG5k.Testbed.Nodes;

internal sealed partial class NodeLife
{
    string _runningJobs = "";

    /// <summary>From now on the nodes of a deploy job go back to the default VLAN and to the standard environment when the job ends.</summary>
    public void WatchJobs() => _world.Changed += ReclaimNodes;

    void ReclaimNodes()
    {
        List<NodeModel> abandoned;
        lock (_world.Sync)
        {
            JobModel[] running = [.. _world.Jobs.Values.Where(j => j.IsRunning && j.Types.Contains("deploy"))];
            string signature = string.Join(' ', running.Select(j => $"{j.Site}:{j.Id}"));
            if (signature == _runningJobs) return;
            _runningJobs = signature;
            HashSet<NodeModel> held = [.. running.SelectMany(j => j.Nodes)];
            abandoned = [.. _world.Nodes.Values.Where(n => !held.Contains(n) && WasUsed(n))];
            HashSet<VlanModel> heldVlans = [.. running.SelectMany(j => j.Vlans)];
            foreach (VlanModel vlan in _world.Sites.Values.SelectMany(s => s.Vlans.Values).Where(v => !heldVlans.Contains(v)))
                vlan.DhcpEnabled = true;
            foreach (NodeModel node in abandoned)
            {
                node.Vlans.Clear();
                _disks.Remove(node);
                node.HardReboots = 0;
            }
        }
        foreach (NodeModel node in abandoned) _ = Reset(node);
    }

    /// <summary>Whether the node is no longer as its last user found it.</summary>
    bool WasUsed(NodeModel node)
        => node.System != Grid5000Standard || node.Vlans.Count > 0 || node.Power is NodePower.Dead or NodePower.Off
            || (_disks.TryGetValue(node, out NodeDisk? disk) && disk.Environment is not null);
}
