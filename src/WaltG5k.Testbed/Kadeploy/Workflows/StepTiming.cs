namespace WaltG5k.Testbed.Kadeploy;

/// <summary>Steps that only take their time.</summary>
internal static class StepTiming
{
    public static readonly IReadOnlyDictionary<NodeModel, string> NoFailure = new Dictionary<NodeModel, string>();

    public const string Unreachable = "Unreachable after the reboot";

    public static Task PassAsync(this TestbedWorld world, TimeSpan time, CancellationToken cancellationToken)
        => Task.Delay(time * world.Faults.Jitter(), world.Time, cancellationToken);

    /// <summary>A step of that many seconds in which nothing fails.</summary>
    public static MicroStep Timed(this TestbedWorld world, string name, double seconds, Action<IReadOnlyList<NodeModel>>? effect = null) =>
        new(name, async (nodes, ct) =>
    {
        effect?.Invoke(nodes);
        await world.PassAsync(TimeSpan.FromSeconds(seconds), ct).ConfigureAwait(false);
        return NoFailure;
    });

    /// <summary>The wait for nodes of which some never come: then it lasts until its limit.</summary>
    public static MicroStep WaitReboot(this TestbedWorld world, TimeSpan time, TimeSpan limit, Func<NodeModel, bool> fails) =>
        new("wait_reboot", async (nodes, ct) =>
    {
        Dictionary<NodeModel, string> failed = nodes.Where(fails).ToDictionary(n => n, _ => Unreachable);
        await (failed.Count == 0 ? world.PassAsync(time, ct) : Task.Delay(limit, world.Time, ct)).ConfigureAwait(false);
        return failed;
    })
    { Limit = limit, Arrival = time };
}
