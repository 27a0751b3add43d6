using System.Globalization;
using WaltG5k.Testbed.Data;

namespace WaltG5k.Testbed;

/// <summary>
/// Copies of the clusters that anyone may use, for testbeds larger than Grid'5000: <c>gros2</c>, <c>gros3</c> … beside <c>gros</c>, one round over
/// all clusters after the other.
/// </summary>
sealed class ClusterCopies(IReadOnlyList<SiteData> sites)
{
    readonly List<(SiteModel Site, ClusterData Cluster)> _originals =
    [
        .. sites.SelectMany(s => s.Clusters.Select(c => (s.Model, c)))
            .Where(p => p.c.Model.Queues.Contains("default") && !p.c.Model.IsExotic && !char.IsAsciiDigit(p.c.Model.Name[^1])),
    ];
    int _taken;
    int _macs;

    /// <summary>The next copy; its nodes are made as they are read.</summary>
    public (SiteModel Site, ClusterModel Cluster, IEnumerable<NodeData> Nodes) Next()
    {
        (SiteModel site, ClusterData original) = _originals[_taken % _originals.Count];
        int round = 2 + _taken++ / _originals.Count;
        ClusterModel model = original.Model;
        var copy = new ClusterModel(model.Site, model.Name + round.ToString(CultureInfo.InvariantCulture))
        {
            Model = model.Model,
            Queues = model.Queues,
            Architecture = model.Architecture,
            BootType = model.BootType,
            Cores = model.Cores,
            RamGiB = model.RamGiB,
        };
        return (site, copy, original.Nodes.Select(n => n with { Nics = [.. n.Nics.Select(nic => nic with { Mac = NextMac() })] }));
    }

    // Locally administered addresses, so that none is that of a real machine.
    string NextMac()
    {
        int n = ++_macs;
        return string.Create(CultureInfo.InvariantCulture, $"02:67:35:{n >> 16 & 0xff:x2}:{n >> 8 & 0xff:x2}:{n & 0xff:x2}");
    }
}
