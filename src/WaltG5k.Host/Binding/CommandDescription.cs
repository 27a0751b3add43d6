using System.Management.Automation;
using System.Reflection;

namespace WaltG5k.Host.Binding;

/// <summary>A command's name, parameters and parameter sets.</summary>
sealed class CommandDescription
{
    public CommandDescription(Type type)
    {
        Type = type;
        Attribute = type.GetCustomAttribute<CmdletAttribute>() ?? throw new ArgumentException($"{type} is no cmdlet.", nameof(type));
        Name = $"{Attribute.VerbName}-{Attribute.NounName}";
        PropertyInfo[] properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        SetNames = ReadSetNames(properties, Attribute.DefaultParameterSetName);
        int defaultSet = Attribute.DefaultParameterSetName is { } name ? IndexOfSet(name) : -1;
        DefaultSet = defaultSet < 0 ? 0 : 1u << defaultSet;
        AllSets = SetNames.Count == 32 ? uint.MaxValue : (1u << SetNames.Count) - 1;
        PropertyInfo[] common = (Attribute.SupportsShouldProcess ? typeof(ChangeParameters) : typeof(CommonParameters)).GetProperties();
        Parameters = [.. Read(properties, common: false), .. Read(common, common: true)];
    }

    public string Name { get; }
    public Type Type { get; }
    public CmdletAttribute Attribute { get; }

    /// <summary>The cmdlet's own parameters, then the common ones.</summary>
    public IReadOnlyList<ParameterDescription> Parameters { get; }

    /// <summary>At least one; a command without named sets has one that holds all.</summary>
    public IReadOnlyList<string> SetNames { get; }

    public uint AllSets { get; }

    /// <summary>One bit, or 0 when the command declares none.</summary>
    public uint DefaultSet { get; }

    public CommonParameters NewCommonParameters() => Attribute.SupportsShouldProcess ? new ChangeParameters() : new CommonParameters();

    int IndexOfSet(string name)
    {
        for (int i = 0; i < SetNames.Count; i++)
            if (string.Equals(SetNames[i], name, StringComparison.OrdinalIgnoreCase)) return i;
        return -1;
    }

    static List<string> ReadSetNames(PropertyInfo[] properties, string? defaultSet)
    {
        var names = new List<string>();
        void Add(string name)
        {
            if (name != ParameterAttribute.AllParameterSets && !names.Contains(name, StringComparer.OrdinalIgnoreCase)) names.Add(name);
        }
        if (!string.IsNullOrEmpty(defaultSet)) Add(defaultSet);
        foreach (PropertyInfo property in properties)
            foreach (ParameterAttribute declaration in property.GetCustomAttributes<ParameterAttribute>()) Add(declaration.ParameterSetName);
        return names.Count > 0 ? names : [ParameterAttribute.AllParameterSets];
    }

    IEnumerable<ParameterDescription> Read(PropertyInfo[] properties, bool common)
    {
        foreach (PropertyInfo property in properties)
            if (ParameterDescription.Read(property, SetNames, common) is { } parameter) yield return parameter;
    }
}
