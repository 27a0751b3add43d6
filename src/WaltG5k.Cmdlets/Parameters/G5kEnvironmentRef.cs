using System.Management.Automation;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Parameters;

/// <summary>
/// What is to be deployed: a registered environment (<c>debian12-min</c>, <c>NAME@USER:VERSION%ARCH</c>), a description by its URL or file, or a description itself.
/// </summary>
public sealed class G5kEnvironmentRef
{
    /// <param name="name">A specification, a URL, or the path of a file.</param>
    public G5kEnvironmentRef(string name) => Name = name;

    /// <param name="description">One with an owner is registered, and meant by its name; any other is deployed as it is.</param>
    public G5kEnvironmentRef(EnvironmentDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        Name = description.Owner is null ? description.Name
            : new EnvironmentSpecification(description.Name) { User = description.Owner, Version = description.Version, Architecture = description.Architecture }.ToString();
        Text = description.Owner is null ? DescriptionWriter.Write(description) : null;
    }

    public string Name { get; }

    /// <summary>The description, where it is not registered.</summary>
    public string? Text { get; }

    public bool IsUrl => Name.Contains("://", StringComparison.Ordinal);

    /// <summary>A file, here or on the front-end: names of environments hold neither slashes nor such endings.</summary>
    public bool IsFile => !IsUrl && Text is null
        && (Name.Contains('/', StringComparison.Ordinal) || Name.EndsWith(".yaml", StringComparison.Ordinal) || Name.EndsWith(".yml", StringComparison.Ordinal)
            || Name.EndsWith(".dsc", StringComparison.Ordinal) || Name.EndsWith(".env", StringComparison.Ordinal));

    public override string ToString() => Name;
}

/// <summary>One environment from a name, a file, a URL, or the object of another command.</summary>
public sealed class G5kEnvironmentConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value)
    {
        object[] items = [.. Items(value)];
        if (items.Length != 1) throw new FormatException($"One environment is deployed at a time, not {items.Length}.");
        return items[0] switch
        {
            G5kEnvironmentRef reference => reference,
            EnvironmentDescription description => new G5kEnvironmentRef(description),
            FileInfo file => new G5kEnvironmentRef(file.FullName),
            PSObject other when other.Properties["Name"]?.Value is { } name => new G5kEnvironmentRef($"{name}"),
            object other => Check(new G5kEnvironmentRef($"{other}")),
        };
    }

    /// <exception cref="Core.G5kException"><c>InvalidEnvironmentName</c>.</exception>
    static G5kEnvironmentRef Check(G5kEnvironmentRef reference)
    {
        if (!reference.IsUrl && !reference.IsFile) EnvironmentSpecification.Parse(reference.Name);
        return reference;
    }
}
