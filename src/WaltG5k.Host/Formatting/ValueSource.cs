using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using WaltG5k.Automation;

namespace WaltG5k.Host.Formatting;

/// <summary>
/// What a view shows in one place: a property, or <c>[Type]::Method($_.Path, …)</c>, the one form of script block that the host understands,
/// with a public static method that takes what the paths lead to.
/// </summary>
abstract partial class ValueSource
{
    public abstract object? Of(object item);

    public static ValueSource Property(string name) => new PropertySource(name);

    /// <exception cref="FormatException">The script is of another form.</exception>
    public static ValueSource Script(string script)
    {
        Match match = Call().Match(script.Trim());
        if (!match.Success) throw new FormatException($"The host cannot evaluate this script block of a view: {script}");
        return new MethodSource(match.Groups["type"].Value, match.Groups["method"].Value, [.. match.Groups["path"].Captures.Select(c => c.Value)]);
    }

    [GeneratedRegex(@"^\[(?<type>[\w.]+)\]::(?<method>\w+)\(\s*(\$_(?<path>(\.\w+)*)(\s*,\s*)?)+\s*\)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Call();

    sealed class PropertySource(string name) : ValueSource
    {
        public override object? Of(object item) => Values.Of(item, name);
    }

    sealed class MethodSource(string typeName, string methodName, string[] paths) : ValueSource
    {
        MethodInfo? _method;

        public override object? Of(object item)
        {
            _method ??= Find();
            try { return _method.Invoke(null, [.. paths.Select(p => Follow(item, p))]); }
            catch (TargetInvocationException) { return null; } // as in PowerShell, a cell that cannot be computed is empty
        }

        /// <summary>Through a list the path leads to what its elements have.</summary>
        static object? Follow(object item, string path)
        {
            object? value = EngineObjects.Unwrap(item);
            foreach (string name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            {
                if (value is null) return null;
                if (value is ICollection collection && name == nameof(ICollection.Count)) value = collection.Count; // arrays too, as in PowerShell
                else value = PSObject.AsPSObject(value).Properties[name] is null && value is IEnumerable list and not string
                    ? list.Cast<object?>().Select(element => element is null ? null : Values.Of(element, name)).ToArray()
                    : Values.Of(value, name);
            }
            return value;
        }

        MethodInfo Find() =>
            AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(typeName)).FirstOrDefault(t => t is not null)
                ?.GetMethods(BindingFlags.Public | BindingFlags.Static)
                .FirstOrDefault(m => m.Name == methodName && m.GetParameters().Length == paths.Length)
            ?? throw new FormatException($"A view names {typeName}.{methodName}, which does not exist.");
    }
}
