using System.Management.Automation;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Parameters;

/// <summary>An environment by its name (<c>NAME[@USER][:VERSION][%ARCH]</c>), or the object itself.</summary>
public sealed class EnvironmentRef
{
    public EnvironmentRef(string name) => Name = name;

    public EnvironmentRef(EnvironmentInfo environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        (Name, Info, Definition) = (environment.Specification, environment, environment.Definition);
    }

    public EnvironmentRef(EnvironmentDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        (Name, Definition) = (description.Name, description);
    }

    /// <summary>As it was given, or the specification of the object.</summary>
    public string Name { get; }

    /// <summary>The registered environment that was given.</summary>
    public EnvironmentInfo? Info { get; }

    /// <summary>The description that was given, registered or not.</summary>
    public EnvironmentDescription? Definition { get; }

    public override string ToString() => Name;
}

/// <summary>Environments from names or objects.</summary>
public sealed class EnvironmentConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).Select(item => item switch
    {
        EnvironmentRef reference => reference,
        EnvironmentInfo environment => new EnvironmentRef(environment),
        EnvironmentDescription description => new EnvironmentRef(description),
        NodeImage { Environment: { } environment } => new EnvironmentRef(environment),
        NodeImage image => new EnvironmentRef(image.Definition),
        // A failed conversion, unlike other errors, lets the binder try the other parameters: from the pipeline a file goes to -LiteralPath.
        FileSystemInfo file => throw new PSInvalidCastException($"{file} is a file: give it by -LiteralPath."),
        _ => new EnvironmentRef($"{item}"),
    }).ToArray();
}
