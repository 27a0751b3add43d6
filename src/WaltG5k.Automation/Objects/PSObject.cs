using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace System.Management.Automation;

/// <summary>An object with properties of its own beside those of its type.</summary>
public class PSObject : IFormattable, IComparable
{
    PropertyCollection? _properties;

    public PSObject() : this(PSCustomObject.Instance) { }

    public PSObject(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        ImmediateBaseObject = obj;
    }

    /// <summary>The object that is wrapped, through however many wrappings.</summary>
    public object BaseObject => ImmediateBaseObject is PSObject inner ? inner.BaseObject : ImmediateBaseObject;

    public object ImmediateBaseObject { get; }

    /// <summary>How a number was typed; null for everything else.</summary>
    internal string? TokenText { get; init; }

    public PSMemberInfoCollection<PSPropertyInfo> Properties => _properties ??= new PropertyCollection(this);

    /// <summary>The names by which views find the object: its type and the types it derives from.</summary>
    public Collection<string> TypeNames => field ??= ReadTypeNames();

    public static PSObject AsPSObject(object obj) => obj as PSObject ?? new PSObject(obj);

    /// <summary>What is inside the wrapping; a custom object is itself.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    internal static object? Unwrap(object? value) =>
        value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;

    public virtual PSObject Copy()
    {
        var copy = new PSObject(ImmediateBaseObject);
        foreach (PSPropertyInfo property in Properties)
            if (property is PSNoteProperty) copy.Properties.Add((PSNoteProperty)property.Copy());
        return copy;
    }

    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);

    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        if (BaseObject is PSCustomObject)
            return "@{" + string.Join("; ", Properties.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name}={p.Value}"))) + "}";
        return BaseObject is IFormattable formattable
            ? formattable.ToString(format, formatProvider ?? CultureInfo.InvariantCulture)
            : BaseObject.ToString() ?? "";
    }

    public int CompareTo(object? obj) => LanguagePrimitives.Compare(BaseObject, Unwrap(obj));

    public override bool Equals(object? obj) =>
        ReferenceEquals(this, obj) || (BaseObject is not PSCustomObject && LanguagePrimitives.Equals(BaseObject, Unwrap(obj)));

    public override int GetHashCode() => BaseObject.GetHashCode();

    Collection<string> ReadTypeNames()
    {
        var names = new Collection<string>();
        for (Type? type = BaseObject.GetType(); type is not null; type = type.BaseType) names.Add(type.FullName ?? type.Name);
        return names;
    }
}

/// <summary>Stands for the missing inner object of a <see cref="PSObject"/> that is only its own properties.</summary>
public class PSCustomObject
{
    internal static readonly PSCustomObject Instance = new();
    PSCustomObject() { }
    public override string ToString() => "";
}
