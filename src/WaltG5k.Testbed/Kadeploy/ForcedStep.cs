using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>An instance that the user wants (<c>--force-steps</c>).</summary>
internal sealed partial record ForcedStep(string Kind, string Instance, int Retries, int Timeout)
{
    /// <exception cref="OptionException">It is not of the form <c>KIND|INSTANCE:RETRIES:SECONDS,…&amp;…</c> for the three macro-steps in their
    /// order.</exception>
    public static IReadOnlyList<ForcedStep> Parse(string text, string first)
    {
        string[] kinds = [first, "BroadcastEnv", "BootNewEnv"];
        string[] parts = text.Split('&');
        if (parts.Length != kinds.Length) throw Invalid(text);
        List<ForcedStep> steps = [];
        for (int i = 0; i < kinds.Length; i++)
        {
            if (!parts[i].StartsWith(kinds[i] + "|", StringComparison.Ordinal)) throw Invalid(text);
            foreach (string item in parts[i][(kinds[i].Length + 1)..].Split(','))
            {
                if (Form().Match(item) is not { Success: true } match || !match.Groups["name"].Value.StartsWith(kinds[i], StringComparison.Ordinal))
                    throw Invalid(text);
                steps.Add(new ForcedStep(kinds[i], match.Groups["name"].Value, Number(match, "retries"), Number(match, "timeout")));
            }
        }
        return steps;
    }

    static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    static OptionException Invalid(string text) => new("invalid argument: --force-steps " + text);

    [GeneratedRegex(@"^(?<name>\w+):(?<retries>[0-9]{1,4}):(?<timeout>[0-9]{1,6})$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
