using System.Management.Automation;
using System.Reflection;
using WaltG5k.Host.Binding;

namespace WaltG5k.Host.Engine;

/// <summary>
/// The commands that can be called. A cmdlet of the module is found by the name of its class (<c>WaltG5k.Commands.GetOarJobCommand</c>), so that
/// starting the host loads the types that a pipeline needs and no others; only a name that is not found that way, or a list, reads the assembly.
/// </summary>
sealed class CommandTable(IReadOnlyList<Assembly> assemblies, IReadOnlyDictionary<string, Type> builtIn)
{
    readonly Dictionary<string, CommandDescription> _described = new(StringComparer.OrdinalIgnoreCase);
    Dictionary<string, Type>? _all;

    /// <summary>The names of all commands, those of the module first.</summary>
    public IEnumerable<string> Names => All().Where(c => !builtIn.ContainsKey(c.Key)).Select(c => c.Key).Order(StringComparer.OrdinalIgnoreCase)
        .Concat(builtIn.Keys.Where(k => k.Contains('-', StringComparison.Ordinal)).Order(StringComparer.OrdinalIgnoreCase));

    public bool Contains(string name) => _described.ContainsKey(name) || Find(name) is not null;

    /// <exception cref="CommandNotFoundException">No command has that name.</exception>
    public CommandDescription Describe(string name)
    {
        if (_described.TryGetValue(name, out CommandDescription? known)) return known;
        Type type = Find(name) ?? throw NotFound(name);
        return _described[name] = new CommandDescription(type);
    }

    public CommandNotFoundException NotFound(string name)
    {
        string? near = All().Keys.MinBy(k => EditDistance.Between(k, name));
        string hint = near is not null && EditDistance.Between(near, name) <= Math.Min(3, name.Length / 3)
            ? $" Did you mean {near}?"
            : " Run 'waltg5k --help' for the commands there are.";
        return new CommandNotFoundException($"The term '{name}' is not the name of a command.{hint}") { CommandName = name };
    }

    Type? Find(string name)
    {
        if (builtIn.TryGetValue(name, out Type? type)) return type;
        if (_all is null)
        {
            string className = $"WaltG5k.Commands.{name.Replace("-", "", StringComparison.Ordinal)}Command";
            foreach (Assembly assembly in assemblies)
                if (assembly.GetType(className, throwOnError: false, ignoreCase: true) is { } found && NameOf(found) is { } itsName &&
                    string.Equals(itsName, name, StringComparison.OrdinalIgnoreCase)) return found;
        }
        return All().GetValueOrDefault(name);
    }

    Dictionary<string, Type> All()
    {
        if (_all is not null) return _all;
        var all = new Dictionary<string, Type>(builtIn, StringComparer.OrdinalIgnoreCase);
        foreach (Type type in assemblies.SelectMany(a => a.GetExportedTypes()))
        {
            if (type.IsAbstract || !type.IsSubclassOf(typeof(Cmdlet)) || NameOf(type) is not { } name) continue;
            all[name] = type;
            foreach (string alias in type.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []) all[alias] = type;
        }
        return _all = all;
    }

    static string? NameOf(Type type) => type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet ? $"{cmdlet.VerbName}-{cmdlet.NounName}" : null;
}
