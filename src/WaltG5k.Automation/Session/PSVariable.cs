namespace System.Management.Automation;

public class PSVariable(string name, object? value)
{
    public PSVariable(string name) : this(name, null) { }
    public string Name { get; } = name;
    public virtual object? Value { get; set; } = value;
}

/// <summary>The variables of the session. The host's language has none: these are the preferences and what cmdlets set.</summary>
public sealed class PSVariableIntrinsics
{
    readonly Dictionary<string, PSVariable> _variables = new(StringComparer.OrdinalIgnoreCase);

    internal PSVariableIntrinsics() { }

    public PSVariable? Get(string name) => _variables.GetValueOrDefault(Plain(name));
    public object? GetValue(string name) => Get(name)?.Value;
    public object? GetValue(string name, object? defaultValue) => Get(name) is { } variable ? variable.Value : defaultValue;

    public void Set(string name, object? value)
    {
        if (Get(name) is { } known) known.Value = value;
        else _variables[Plain(name)] = new PSVariable(Plain(name), value);
    }

    public void Set(PSVariable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        _variables[variable.Name] = variable;
    }

    public void Remove(string name) => _variables.Remove(Plain(name));

    /// <summary>Scopes mean nothing here: there is one.</summary>
    static string Plain(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
