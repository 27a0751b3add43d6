using System.Collections;
using System.Globalization;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;

namespace WaltG5k.Parameters;

/// <summary>
/// How macro-steps are to be done, from <c>INSTANCE:RETRIES:SECONDS</c> or from a hashtable: <c>@{ BootNewEnvKexec = 300 }</c> (a time limit),
/// <c>@{ BroadcastEnvKascade = 2, 600 }</c> (retries and time limit) or <c>@{ BroadcastEnv = @{ Retries = 2 } }</c>.
/// </summary>
public sealed class KadeployStepConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).SelectMany(ToSteps).ToArray();

    static IEnumerable<KadeployForcedStep> ToSteps(object item) => item switch
    {
        KadeployForcedStep step => [step],
        IDictionary steps => steps.Cast<DictionaryEntry>().Select(e => ToStep($"{Unwrap(e.Key)}", Unwrap(e.Value))),
        _ => $"{item}".Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(KadeployForcedStep.Parse),
    };

    static KadeployForcedStep ToStep(string name, object? value)
    {
        KadeployForcedStep usual = UsualSteps.Find(name);
        return value switch
        {
            null => usual,
            IDictionary settings => FromSettings(usual, settings),
            IList { Count: 2 } pair => usual with { Retries = ToInt(name, pair[0]), Timeout = ToTime(name, pair[1]) },
            string text when text.Split(':') is [string retries, string seconds] =>
                usual with { Retries = ToInt(name, retries), Timeout = ToTime(name, seconds) },
            _ => usual with { Timeout = ToTime(name, value) },
        };
    }

    static KadeployForcedStep FromSettings(KadeployForcedStep step, IDictionary settings)
    {
        foreach (DictionaryEntry setting in settings)
        {
            step = $"{Unwrap(setting.Key)}".ToUpperInvariant() switch
            {
                "RETRIES" => step with { Retries = ToInt(step.Instance, setting.Value) },
                "TIMEOUT" => step with { Timeout = ToTime(step.Instance, setting.Value) },
                _ => throw new FormatException($"A step has Retries and Timeout, and no {setting.Key}."),
            };
        }
        return step;
    }

    static int ToInt(string step, object? value) =>
        int.TryParse(System.Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture,
        out int number)
            ? number : throw new FormatException($"{step}: '{value}' is no number of retries.");

    static TimeSpan ToTime(string step, object? value) => Unwrap(value) switch
    {
        TimeSpan time when time > TimeSpan.Zero => time,
        { } other when double.TryParse(System.Convert.ToString(other, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out double seconds)
            && seconds > 0 => TimeSpan.FromSeconds(seconds),
        _ => throw new FormatException(
        $"{step}: '{value}' is no time limit: write seconds, such as @{{ {step} = 300 }}, or retries and seconds: @{{ {step} = 1, 300 }}."),
    };
}
