namespace WaltG5k.Testbed;

/// <summary>How to open an embedded testbed.</summary>
public sealed record TestbedOptions
{
    /// <summary>
    /// Virtual seconds per real second. 0: the clock jumps from event to event while a command or a wait of this process is under way, stands still
    /// otherwise, and nothing ever really waits; such a testbed cannot be joined by another process.
    /// </summary>
    public double Speed { get; init; } = 60;

    /// <summary>Seeds every random choice: names of jobs, which nodes fail, jitter of delays.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Folder that holds the state and the user's home. A second process that opens the same folder finds the same testbed: it joins the one that is
    /// running there, or opens what the last one left. Null: nothing is kept (a temporary folder for the home, removed at the end).
    /// </summary>
    public string? StatePath { get; init; }

    /// <summary>Begin anew although <see cref="StatePath"/> holds a state. The files of the home stay.</summary>
    public bool Fresh { get; init; }

    /// <summary>Faults to inject, such as <c>kavlan-not-set:nancy*2</c>; see <see cref="Faults.FaultSpecification"/>.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>At least this many nodes: clusters are multiplied until there are. 0: those of the reference data.</summary>
    public int NodeCount { get; init; }

    /// <summary>The date at which a fresh testbed begins, UTC. A Tuesday morning by default, so that runs are alike.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 3, 24, 9, 0, 0, TimeSpan.Zero);

    public string User { get; init; } = "jdoe";
}
