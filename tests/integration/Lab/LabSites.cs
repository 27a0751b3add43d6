namespace WaltG5k.IntegrationTests.Lab;

/// <summary>The sites of the laboratory, as lib/site.sh makes them; a test compares the two.</summary>
static class LabSites
{
    public static IReadOnlyList<LabSite> All { get; } =
    [
        new("arles", 1,
        [
            new("argon", 8, 4, Adapters: 2, KavlanAdapters: 1, Memory: 131_072),
            new("ambre", 4, 8, Adapters: 4, KavlanAdapters: 3, Memory: 262_144),
            new("aster", 2, 2, Adapters: 1, KavlanAdapters: 1, Memory: 65_536, IsExotic: true),
        ]),
        new("brest", 2,
        [
            new("basalt", 6, 4, Adapters: 2, KavlanAdapters: 1, Memory: 131_072),
            new("bruyere", 3, 4, Adapters: 4, KavlanAdapters: 2, Memory: 65_536),
        ]),
    ];
}

/// <param name="Number">From 1: it makes the global VLAN's number.</param>
sealed record LabSite(string Name, int Number, IReadOnlyList<LabCluster> Clusters)
{
    public IEnumerable<string> Nodes => Clusters.SelectMany(c => Enumerable.Range(1, c.Nodes).Select(n => $"{c.Name}-{n}.{Name}.grid5000.fr"));
}

/// <param name="Memory">In MB.</param>
sealed record LabCluster(string Name, int Nodes, int Cores, int Adapters, int KavlanAdapters, int Memory, bool IsExotic = false);
