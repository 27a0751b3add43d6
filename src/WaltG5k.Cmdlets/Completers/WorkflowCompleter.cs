using System.Collections;
using WaltG5k.Base;

namespace WaltG5k.Completers;

/// <summary>Completes operations of Kadeploy that this session has seen.</summary>
public sealed class WorkflowCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : session.WorkflowNames.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => (w.Key, w.Value.ToolTip));
}
