using System.Reflection;

namespace System.Management.Automation;

[Flags]
public enum PSMemberTypes
{
    AliasProperty = 1, CodeProperty = 2, Property = 4, NoteProperty = 8, ScriptProperty = 16, Properties = 31, PropertySet = 32, Method = 64,
    CodeMethod = 128, ScriptMethod = 256, Methods = 448, ParameterizedProperty = 512, MemberSet = 1024, Event = 2048, Dynamic = 4096, All = 8191,
}

public abstract class PSMemberInfo
{
    internal PSMemberInfo(string name) => Name = name;
    public string Name { get; }
    public abstract PSMemberTypes MemberType { get; }
    public abstract string TypeNameOfValue { get; }
    public abstract object? Value { get; set; }
    public abstract PSMemberInfo Copy();
}

public abstract class PSPropertyInfo : PSMemberInfo
{
    internal PSPropertyInfo(string name) : base(name) { }
    public abstract bool IsGettable { get; }
    public abstract bool IsSettable { get; }
}

/// <summary>A value that was added to an object.</summary>
public class PSNoteProperty(string name, object? value) : PSPropertyInfo(name)
{
    public override bool IsGettable => true;
    public override bool IsSettable => true;
    public override PSMemberTypes MemberType => PSMemberTypes.NoteProperty;
    public override string TypeNameOfValue => Value?.GetType().FullName ?? typeof(object).FullName!;
    public override object? Value { get; set; } = value;
    public override PSMemberInfo Copy() => new PSNoteProperty(Name, Value);
    public override string ToString() => $"{Name}={Value}";
}

/// <summary>A property that the object's own type has.</summary>
public class PSProperty : PSPropertyInfo
{
    readonly PropertyInfo _property;
    readonly object _owner;

    internal PSProperty(PropertyInfo property, object owner) : base(property.Name) => (_property, _owner) = (property, owner);
    public override bool IsGettable => _property.GetMethod is { IsPublic: true };
    public override bool IsSettable => _property.SetMethod is { IsPublic: true };
    public override PSMemberTypes MemberType => PSMemberTypes.Property;
    public override string TypeNameOfValue => _property.PropertyType.FullName ?? _property.PropertyType.Name;

    public override object? Value
    {
        get => _property.GetValue(_owner);
        set => _property.SetValue(_owner, value);
    }

    public override PSMemberInfo Copy() => new PSProperty(_property, _owner);
    public override string ToString() => $"{TypeNameOfValue} {Name}";
}
