using System.Management.Automation;

namespace WaltG5k.Host.Formatting;

/// <summary>Objects as lines of comma-separated values, every field quoted.</summary>
sealed class CsvText
{
    string[]? _columns;

    /// <summary>The header before the first object, then one line.</summary>
    public IEnumerable<string> LinesOf(object value)
    {
        var members = PSObject.AsPSObject(value).Properties;
        if (_columns is null)
        {
            _columns = [.. members.Select(p => p.Name)];
            yield return string.Join(',', _columns.Select(Quote));
        }
        yield return string.Join(',', _columns.Select(c => Quote(members[c] is { } property ? Values.Text(Values.Of(property)) : "")));
    }

    static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
