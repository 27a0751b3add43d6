using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations.Planning;

/// <summary>Sorts chosen elements by site.</summary>
static class SlotShares
{
    public static IEnumerable<SlotShare> Build(PlanningProblem problem, IReadOnlyList<IReadOnlyList<PlanElement>> chosen,
        IReadOnlyList<SiteSchedule> schedules)
    {
        Dictionary<string, SiteSchedule> read = schedules.GroupBy(s => s.Site).ToDictionary(g => g.Key, g => g.First());
        HashSet<PlanElement> servers = [.. Enumerable.Range(0, chosen.Count).Where(d => problem.Demands[d].Source is NodeDemand { IsServer: true })
            .SelectMany(d => chosen[d])];
        foreach (IGrouping<string, PlanElement> site in chosen.SelectMany(c => c).GroupBy(e => e.Site).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            NodeElement[] nodes = [.. site.OfType<NodeElement>()];
            yield return new SlotShare(site.Key)
            {
                Nodes = [.. nodes.Where(n => !servers.Contains(n)).Select(n => n.Name).Order(NaturalComparer.Instance)],
                ServerNode = nodes.FirstOrDefault(servers.Contains)?.Name,
                Clusters = new SortedDictionary<string, int>(nodes.GroupBy(n => n.Cluster).ToDictionary(g => g.Key, g => g.Count()),
                StringComparer.Ordinal),
                StandbyCount = nodes.Count(n => n.Health == NodeHealth.Standby),
                Vlans = [.. site.OfType<VlanElement>().Select(v => v.Id).Order()],
                Subnets = ChooseSubnets(problem, site),
                ReadAt = read[site.Key].ReadAt,
                Source = read[site.Key].Source,
            };
        }
    }

    /// <summary>
    /// The counts of smaller blocks contain the room that larger ones take: the larger are chosen first, then the smaller ones among the free blocks
    /// outside of them.
    /// </summary>
    static List<string> ChooseSubnets(PlanningProblem problem, IGrouping<string, PlanElement> site)
    {
        SubnetBlock[] blocks = [.. site.OfType<SubnetBlock>()];
        var taken = new HashSet<uint>();
        var names = new List<string>();
        foreach (SubnetDemand demand in problem.Demands.Select(d => d.Source).OfType<SubnetDemand>().Where(d => d.Site == site.Key)
            .OrderBy(d => d.PrefixLength))
        {
            foreach (SubnetBlock block in blocks.Where(b => b.PrefixLength == demand.PrefixLength && !b.Members.Any(m => taken.Contains(m.Address)))
                .Take(demand.Count).ToArray())
            {
                names.Add(block.Name);
                foreach (SubnetElement member in block.Members) taken.Add(member.Address);
            }
        }
        return names;
    }
}
