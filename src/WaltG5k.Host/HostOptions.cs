using System.Reflection;

namespace WaltG5k.Host;

/// <summary>How a session differs from the executable's.</summary>
public sealed class HostOptions
{
    /// <summary>Where commands are found; the module's own assembly when null.</summary>
    public IReadOnlyList<Assembly>? CommandAssemblies { get; init; }

    /// <summary>
    /// What a person would type at the questions of the pipeline, one line each. Asking for more is the error of a host with nobody to answer.
    /// </summary>
    public IEnumerable<string> Answers { get; init; } = [];

    /// <summary>Values of the session's variables, preferences among them: <c>ConfirmPreference</c> = <c>None</c>.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();
}
