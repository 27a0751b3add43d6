using System.Globalization;

namespace WaltG5k.Core.Kadeploy;

/// <summary>An instance of a macro-step to use, instead of those that the cluster's configuration names.</summary>
/// <param name="Instance">Its full name: <c>BootNewEnvKexec</c>.</param>
/// <param name="Retries">How often it is tried again.</param>
/// <param name="Timeout">Whole seconds; then it is killed and the next instance of the macro-step takes over.</param>
public sealed record KadeployForcedStep(string Instance, int Retries, TimeSpan Timeout)
{
    /// <summary>The macro-steps of a deployment. The first has another name since version 3.8.</summary>
    static readonly string[] s_kinds = ["SetDeploymentEnv", "SetDeploymentMiniOS", "BroadcastEnv", "BootNewEnv"];

    /// <summary>The macro-step that it is an instance of: <c>BootNewEnv</c>. Null: of none that is known.</summary>
    public string? Kind => s_kinds.FirstOrDefault(kind => Instance.StartsWith(kind, StringComparison.Ordinal) && Instance.Length > kind.Length);

    /// <summary>Its place in a deployment, from 0 to 2.</summary>
    internal int Place => Kind switch { "BroadcastEnv" => 1, "BootNewEnv" => 2, _ => 0 };

    /// <summary>Reads <c>INSTANCE:RETRIES:SECONDS</c>, as Kadeploy writes it: <c>BootNewEnvKexec:1:300</c>.</summary>
    /// <exception cref="G5kException"><c>InvalidKadeployStep</c>.</exception>
    public static KadeployForcedStep Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int retries)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && new KadeployForcedStep(parts[0], retries, TimeSpan.FromSeconds(seconds)) is { Kind: not null } step) return step;
        throw new G5kException("InvalidKadeployStep", ErrorKind.InvalidArgument, $"'{text}' does not say how a step is to be done.", text,
            "Write INSTANCE:RETRIES:SECONDS with the full name of an instance, such as BootNewEnvKexec:1:300; those of a site: kadeploy3 -I");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Instance}:{Retries}:{Timeout.TotalSeconds:0}");

    /// <summary>All of them as <c>--force-steps</c> takes them: macro-steps in their order, instances of each in the order given.</summary>
    public static string Join(IEnumerable<KadeployForcedStep> steps) =>
        string.Join('&', steps.GroupBy(s => s.Kind).OrderBy(g => g.First().Place).Select(g => $"{g.Key}|{string.Join(',', g)}"));
}
