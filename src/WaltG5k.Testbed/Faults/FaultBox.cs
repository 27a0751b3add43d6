namespace WaltG5k.Testbed.Faults;

/// <summary>The faults of a testbed: asked by the emulated parts at each point where one may strike.</summary>
public sealed class FaultBox(IReadOnlyList<FaultSpecification> faults, int seed)
{
    readonly Lock _lock = new();
    readonly int?[] _left = [.. faults.Select(f => f.Count)];
    readonly Random _random = new(seed);

    /// <summary>
    /// Whether the fault strikes here and now; uses it up by one. <paramref name="targets"/> are all the names under which this point may be meant,
    /// such as a node's full name, its short name, its cluster and its site.
    /// </summary>
    public bool Strikes(string name, params ReadOnlySpan<string> targets) => Take(name, targets) is not null;

    /// <summary>Like <see cref="Strikes"/>, and gives the fault for its value.</summary>
    public FaultSpecification? Take(string name, params ReadOnlySpan<string> targets)
    {
        lock (_lock)
        {
            for (int i = 0; i < faults.Count; i++)
            {
                FaultSpecification fault = faults[i];
                if (fault.Name != name || _left[i] == 0 || (fault.Target is not null && !targets.Contains(fault.Target))) continue;
                _left[i]--;
                return fault;
            }
            return null;
        }
    }

    /// <summary>Like <see cref="Take"/>, for a fault whose value says where it strikes; one without a value strikes anywhere.</summary>
    public FaultSpecification? TakeAt(string name, IReadOnlyList<string> places, params ReadOnlySpan<string> targets)
    {
        lock (_lock)
        {
            for (int i = 0; i < faults.Count; i++)
            {
                FaultSpecification fault = faults[i];
                if (fault.Name != name || _left[i] == 0 || (fault.Target is not null && !targets.Contains(fault.Target))) continue;
                if (fault.Value is not null && !places.Contains(fault.Value)) continue;
                _left[i]--;
                return fault;
            }
            return null;
        }
    }

    /// <summary>A factor around 1, so that no two nodes take exactly the same time. The same seed gives the same factors.</summary>
    public double Jitter(double spread = 0.05)
    {
        lock (_lock) return 1 + (_random.NextDouble() * 2 - 1) * spread;
    }
}
