using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using WaltG5k.Base;

namespace WaltG5k.Completers;

/// <summary>Completes names of one kind from what is known locally: prefix match without case, quoted where needed.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <summary>Grids whose cache is used when there is no connection.</summary>
    const string NoGrid = "testbed";

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = (wordToComplete ?? "").Trim('\'', '"');
        G5kSession? session = CurrentSession.Value;
        var names = new NameCache(session?.Name ?? NoGrid);
        List<CompletionResult> results = [];
        try
        {
            foreach ((string name, string toolTip) in GetNames(names, session, fakeBoundParameters ?? new Hashtable()))
            {
                if (!name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)) continue;
                results.Add(new CompletionResult(Quote(name), name, CompletionResultType.ParameterValue, toolTip.Length > 0 ? toolTip : name));
            }
        }
        catch (Exception e) when (e is Core.G5kException or IOException or UnauthorizedAccessException) { /* no names, no completion */ }
        return results;
    }

    internal abstract IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound);

    static string Quote(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':' or '/')
        ? name
        : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The names given for another parameter of the same command.</summary>
    internal static HashSet<string> Given(IDictionary bound, string parameter)
    {
        object? value = bound[parameter] is PSObject wrapped ? wrapped.BaseObject : bound[parameter];
        IEnumerable<object?> items = value switch
        {
            null => [],
            string text => [text],
            IEnumerable list => list.Cast<object?>(),
            _ => [value],
        };
        return new HashSet<string>(items.Select(i => $"{i}"), StringComparer.OrdinalIgnoreCase);
    }
}
