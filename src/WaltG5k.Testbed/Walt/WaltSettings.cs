using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WaltG5k.Testbed.Walt;

/// <summary>The settings of a node.</summary>
internal static class WaltSettings
{
    const int ShortestBootTimeout = 60;

    static readonly SortedDictionary<string, object> s_defaults = new(StringComparer.Ordinal)
    {
        ["boot.retries"] = 9, ["boot.timeout"] = 180, ["expose"] = "none", ["kexec.allow"] = true, ["mount.persist"] = true, ["netsetup"] = "LAN",
    };

    public static bool NeedsReboot(string name) => name is "netsetup" or "mount.persist";

    public static IEnumerable<KeyValuePair<string, object>> Of(WaltDevice node) => s_defaults.Select(d => KeyValuePair.Create(d.Key, node.Settings.GetValueOrDefault(d.Key, d.Value)));

    public static string Show(object value) => value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    public static bool TryRead(string name, string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? error)
    {
        (value, error) = name switch
        {
            "netsetup" => text is "LAN" or "NAT" ? (text, null) : ((object?)null, "Failed: setting 'netsetup' only allows values 'LAN' or 'NAT'."),
            "kexec.allow" or "mount.persist" => bool.TryParse(text, out bool flag) ? (flag, null) : (null, $"Failed: setting '{name}' only allows values 'true' or 'false'."),
            "boot.retries" => TryInteger(text, out int retries) ? (retries, null) : (null, "Failed: setting 'boot.retries' should be a positive integer."),
            "boot.timeout" when text == "none" => ("none", null),
            "boot.timeout" => !TryInteger(text, out int seconds) ? (null, "Failed: setting 'boot.timeout' should be an integer or 'none'.")
                : seconds >= ShortestBootTimeout ? (seconds, null) : (null, $"Failed: A boot timeout of {text}s is probably too small"),
            "expose" => (text, null),
            _ => (null, $"Unknown setting '{name}'. See: 'walt help show device-config'"),
        };
        return error is null;
    }

    static bool TryInteger(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
