using System.Collections;

namespace WaltG5k.Completers;

/// <summary>Completes VLANs: those that every site has, and those that this session has seen, at the given site if any.</summary>
public sealed class VlanCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound)
    {
        HashSet<string> sites = Given(bound, "Site");
        SortedDictionary<int, string> numbers = [];
        for (int id = 1; id <= 9; id++) numbers[id] = id <= 3 ? "local: isolated, one site" : "routed, one site";
        foreach ((string name, string toolTip) in session?.VlanNames.ToArray() ?? [])
        {
            string[] parts = name.Split(':');
            if ((sites.Count == 0 || sites.Contains(parts[0])) && int.TryParse(parts[1], out int id)) numbers[id] = toolTip;
        }
        return numbers.Select(n => ($"{n.Key}", n.Value)).Append(("DEFAULT", "the network outside of all VLANs"));
    }
}

/// <summary>Completes network adapters.</summary>
public sealed class AdapterCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        Enumerable.Range(0, 4).Select(i => ($"eth{i}", i == 0 ? "the first adapter" : "a further adapter"));
}
