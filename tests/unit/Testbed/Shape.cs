using System.Text.Json;
using System.Text.RegularExpressions;

namespace WaltG5k.Tests.Testbed;

/// <summary>
/// A JSON text by its keys and the kinds of its values, in the order of the keys: what two answers have in common whose values differ.
/// </summary>
static class Shape
{
    public static string Of(string json) =>
        string.Join('\n', Describe("", JsonDocument.Parse(json).RootElement).Distinct().Order(StringComparer.Ordinal));

    static IEnumerable<string> Describe(string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    // Ids as keys are values too.
                    string name = Regex.IsMatch(member.Name, @"^\d+$") ? "ID" : member.Name;
                    foreach (string line in Describe($"{path}/{name}", member.Value)) yield return line;
                }
                break;
            case JsonValueKind.Array:
                yield return $"{path}: list{(value.GetArrayLength() == 0 ? " (empty)" : "")}";
                foreach (string line in value.EnumerateArray().SelectMany(item => Describe($"{path}[]", item))) yield return line;
                break;
            case JsonValueKind.String when path.EndsWith("/state", StringComparison.Ordinal) || path.EndsWith("/jobType", StringComparison.Ordinal)
                || path.EndsWith("/reservation", StringComparison.Ordinal) || path.EndsWith("events[]/type", StringComparison.Ordinal):
                yield return $"{path}: {value.GetString()}";
                break;
            default:
                yield return $"{path}: {(value.ValueKind == JsonValueKind.Number && value.GetRawText() == "0" ? "zero" : value.ValueKind.ToString())}";
                break;
        }
    }
}
