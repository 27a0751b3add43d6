using System.Management.Automation;
using WaltG5k.Automation;

namespace WaltG5k.Host.Commands;

/// <summary>A filter: any object may come in.</summary>
public abstract class ObjectCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true), AllowNull] public object? InputObject { get; set; }

    /// <summary>False when the filter is called with nothing before it.</summary>
    protected bool HasInput => MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));

    /// <summary>The value of a property of <paramref name="item"/>; null when there is none of that name.</summary>
    protected static object? ValueOf(object? item, string property) =>
        item is null ? null : EngineObjects.Unwrap(PSObject.AsPSObject(item).Properties[property]?.Value);
}
