using System.Management.Automation;
using System.Reflection;

namespace WaltG5k.Host.Binding;

/// <summary>One parameter of a command, as its attributes declare it.</summary>
sealed class ParameterDescription
{
    readonly PropertyInfo _property;
    readonly ParameterAttribute?[] _bySet;

    ParameterDescription(PropertyInfo property, ParameterAttribute?[] bySet, Attribute[] attributes, bool common)
    {
        _property = property;
        _bySet = bySet;
        IsCommon = common;
        Transformations = [.. attributes.OfType<ArgumentTransformationAttribute>()];
        Validations = [.. attributes.OfType<ValidateArgumentsAttribute>()];
        Aliases = [.. attributes.OfType<AliasAttribute>().SelectMany(a => a.AliasNames)];
        AllowsNull = attributes.OfType<AllowNullAttribute>().Any();
        AllowsEmptyText = attributes.OfType<AllowEmptyStringAttribute>().Any();
        AllowsEmptyCollection = attributes.OfType<AllowEmptyCollectionAttribute>().Any();
        for (int set = 0; set < bySet.Length; set++)
            if (bySet[set] is not null) Sets |= 1u << set;
    }

    public string Name => _property.Name;
    public Type Type => _property.PropertyType;
    public bool IsSwitch => Type == typeof(SwitchParameter);

    /// <summary>Set on the common parameters rather than on the cmdlet.</summary>
    public bool IsCommon { get; }

    public IReadOnlyList<string> Aliases { get; }
    public IReadOnlyList<ArgumentTransformationAttribute> Transformations { get; }
    public IReadOnlyList<ValidateArgumentsAttribute> Validations { get; }
    public bool AllowsNull { get; }
    public bool AllowsEmptyText { get; }
    public bool AllowsEmptyCollection { get; }

    /// <summary>The parameter sets that the parameter is in, one bit each.</summary>
    public uint Sets { get; }

    /// <summary>The declaration for the set of that number; null when the parameter is not in it.</summary>
    public ParameterAttribute? In(int set) => _bySet[set];

    /// <summary>Whether a declaration of one of <paramref name="sets"/> fulfils <paramref name="condition"/>.</summary>
    public bool Any(uint sets, Predicate<ParameterAttribute> condition)
    {
        for (int set = 0; set < _bySet.Length; set++)
            if ((sets & (1u << set)) != 0 && _bySet[set] is { } declaration && condition(declaration)) return true;
        return false;
    }

    public bool TakesPipeline(uint sets) => Any(sets, a => a.ValueFromPipeline || a.ValueFromPipelineByPropertyName);

    public object? Get(object owner) => _property.GetMethod is null ? null : _property.GetValue(owner);
    public void Set(object owner, object? value) => _property.SetValue(owner, value);

    /// <summary>Null for a property that is no parameter.</summary>
    public static ParameterDescription? Read(PropertyInfo property, IReadOnlyList<string> setNames, bool common)
    {
        var attributes = (Attribute[])Attribute.GetCustomAttributes(property, inherit: true);
        ParameterAttribute[] declarations = [.. attributes.OfType<ParameterAttribute>()];
        if (declarations.Length == 0) return null;
        ParameterAttribute? everywhere = Array.Find(declarations, d => d.ParameterSetName == ParameterAttribute.AllParameterSets);
        ParameterAttribute?[] bySet = [.. setNames.Select(name =>
            Array.Find(declarations, d => string.Equals(d.ParameterSetName, name, StringComparison.OrdinalIgnoreCase)) ?? everywhere)];
        return new ParameterDescription(property, bySet, attributes, common);
    }

    public override string ToString() => $"-{Name} {Type.Name}";
}
