namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// The instances of the three macro-steps as Grid'5000 usually sets them up. Kadeploy wants all three when one of them is set, so that what a user
/// leaves out is filled up from here.
/// </summary>
public static class UsualSteps
{
    const string MiniSystem = "SetDeploymentMiniOS", Broadcast = "BroadcastEnv", Boot = "BootNewEnv";

    /// <summary>Every instance that is known, in the order in which those of a macro-step are tried.</summary>
    static readonly KadeployForcedStep[] s_all =
    [
        Step("SetDeploymentMiniOSTrusted", 0, 60), Step("SetDeploymentMiniOSUntrusted", 1, 600), Step("SetDeploymentMiniOSNfsroot", 1, 600),
        Step("SetDeploymentEnvUntrusted", 1, 600), Step("SetDeploymentEnvKexec", 1, 600), Step("SetDeploymentEnvNfsroot", 1, 600),
        Step("BroadcastEnvKascade", 1, 900), Step("BroadcastEnvKastafior", 1, 900), Step("BroadcastEnvChain", 1, 900),
        Step("BroadcastEnvTree", 1, 900),
        Step("BootNewEnvKexec", 0, 300), Step("BootNewEnvClassical", 0, 450), Step("BootNewEnvHardReboot", 0, 450),
    ];

    /// <summary>What is used for a macro-step of which a user sets nothing.</summary>
    static readonly string[] s_defaults = ["SetDeploymentMiniOSUntrusted", "BroadcastEnvKascade", "BootNewEnvKexec", "BootNewEnvHardReboot"];

    /// <summary>The instances, for completion.</summary>
    public static IReadOnlyList<KadeployForcedStep> All => s_all;

    /// <summary>An instance by its name, or the usual one of a macro-step: <c>BroadcastEnv</c> is <c>BroadcastEnvKascade</c>.</summary>
    /// <exception cref="FormatException">The name is neither.</exception>
    public static KadeployForcedStep Find(string name)
    {
        if (Array.Find(s_all, s => s.Instance.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known) return known;
        string? instance = (name ?? "").ToUpperInvariant() switch
        {
            "SETDEPLOYMENTMINIOS" or "SETDEPLOYMENTENV" => s_defaults[0],
            "BROADCASTENV" => s_defaults[1],
            "BOOTNEWENV" => s_defaults[2],
            _ => null,
        };
        if (instance is not null) return Find(instance);
        // A site may have others: their names tell the macro-step.
        return Step(name!, 0, 600) is { Kind: not null } step ? step
            : throw new FormatException($"'{name}' is no macro-step: {string.Join(", ", s_all.Select(s => s.Instance))}.");
    }

    /// <summary>
    /// The steps given, in the order in which they are tried, and the usual ones for each macro-step of which nothing else is given.
    /// </summary>
    public static IReadOnlyList<KadeployForcedStep> Complete(IReadOnlyList<KadeployForcedStep> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (given.Count == 0) return [];
        // Who only sets times of the usual instances keeps what follows when they fail.
        bool IsUsual(string kind) => given.Where(s => Place(s.Instance) == kind).All(s => s_defaults.Contains(s.Instance));
        IEnumerable<KadeployForcedStep> missing = s_defaults.Where(d => given.All(s => s.Instance != d) && IsUsual(Place(d))).Select(Find);
        return [.. given.Concat(missing).OrderBy(s => Array.FindIndex(s_all, k => k.Instance == s.Instance) is >= 0 and { } index
            ? index
            : int.MaxValue)];
    }

    /// <summary>The first macro-step has two names.</summary>
    static string Place(string instance) =>
        instance.StartsWith(Broadcast, StringComparison.Ordinal)
        ? Broadcast
        : instance.StartsWith(Boot, StringComparison.Ordinal) ? Boot : MiniSystem;

    static KadeployForcedStep Step(string instance, int retries, int seconds) => new(instance, retries, TimeSpan.FromSeconds(seconds));
}
