namespace WaltG5k.Core.Kadeploy;

/// <summary>Where and why a node failed, from the way Kadeploy keeps it: <c>BootNewEnvKexec-wait_reboot: Unreachable after the reboot</c>.</summary>
/// <param name="MacroStep">Null, as the micro-step, where the text names no step.</param>
/// <param name="Reason">May have several lines; null where only a step is named.</param>
readonly record struct KadeployFault(string? MacroStep, string? MicroStep, string? Reason)
{
    public string? Step => MacroStep is null ? null : $"{MacroStep}-{MicroStep}";

    public static KadeployFault Read(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        ReadOnlySpan<char> rest = text;
        return rest.TryCutTo(":", out ReadOnlySpan<char> step) && step.IndexOf('-') is > 0 and int dash && step.IsStepName()
            ? new KadeployFault(step[..dash].ToString(), step[(dash + 1)..].ToString(), OrNull(rest.Trim()))
            : new KadeployFault(null, null, OrNull(text));
    }

    static string? OrNull(ReadOnlySpan<char> text) => text.IsEmpty ? null : text.ToString();
}
