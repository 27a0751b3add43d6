using System.Reflection;

namespace System.Management.Automation;

[Flags]
public enum CommandTypes
{
    Alias = 1, Function = 2, Filter = 4, Cmdlet = 8, ExternalScript = 16, Application = 32, Script = 64, Workflow = 128, Configuration = 256,
        All = 511,
}

public abstract class CommandInfo
{
    internal CommandInfo(string name, CommandTypes type) => (Name, CommandType) = (name, type);
    public string Name { get; }
    public CommandTypes CommandType { get; }
    public abstract string Definition { get; }
    public virtual Version? Version => null;
    public override string ToString() => Name;
}

public class CmdletInfo : CommandInfo
{
    public CmdletInfo(string name, Type implementingType) : base(name, CommandTypes.Cmdlet)
    {
        ImplementingType = implementingType;
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        (Verb, Noun) = dash < 0 ? (name, "") : (name[..dash], name[(dash + 1)..]);
    }

    public string Verb { get; }
    public string Noun { get; }
    public Type ImplementingType { get; }
    public string? DefaultParameterSet => ImplementingType.GetCustomAttribute<CmdletAttribute>()?.DefaultParameterSetName;
    public override string Definition => ImplementingType.FullName ?? ImplementingType.Name;
    public override Version? Version => ImplementingType.Assembly.GetName().Version;
}
