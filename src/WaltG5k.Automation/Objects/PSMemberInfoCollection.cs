using System.Collections;

namespace System.Management.Automation;

/// <summary>The members of an object, found by name without regard to case.</summary>
public abstract class PSMemberInfoCollection<T> : IEnumerable<T> where T : PSMemberInfo
{
    public abstract T? this[string name] { get; }
    public abstract void Add(T member);
    public abstract void Remove(string name);
    public abstract IEnumerator<T> GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What was added to an object, then what its type has; an added property hides one of the type.</summary>
sealed class PropertyCollection(PSObject owner) : PSMemberInfoCollection<PSPropertyInfo>
{
    readonly List<PSPropertyInfo> _added = [];

    public override PSPropertyInfo? this[string name] =>
        _added.Find(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)) ??
        (TypeProperties.Find(owner.ImmediateBaseObject.GetType(), name) is { } property ? new PSProperty(property, owner.ImmediateBaseObject) : null);

    public override void Add(PSPropertyInfo member)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (_added.Exists(p => string.Equals(p.Name, member.Name, StringComparison.OrdinalIgnoreCase)))
            throw new PSArgumentException($"The object has a property {member.Name} already.");
        _added.Add(member);
    }

    public override void Remove(string name) => _added.RemoveAll(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));

    public override IEnumerator<PSPropertyInfo> GetEnumerator()
    {
        foreach (PSPropertyInfo property in _added) yield return property;
        foreach (Reflection.PropertyInfo property in TypeProperties.Of(owner.ImmediateBaseObject.GetType()))
            if (!_added.Exists(p => string.Equals(p.Name, property.Name, StringComparison.OrdinalIgnoreCase)))
                yield return new PSProperty(property, owner.ImmediateBaseObject);
    }
}
