using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Parameters;

/// <summary>What may be deployed beside registered environments: a description by its URL, in a file, or as an object.</summary>
internal static class DeployedEnvironment
{
    static readonly string[] s_endings = [".yaml", ".yml", ".dsc", ".env"];

    public static bool IsUrl(this EnvironmentRef environment) => environment.Name.Contains("://", StringComparison.Ordinal);

    /// <summary>A file, here or on the front-end: names of environments hold neither slashes nor such endings.</summary>
    public static bool IsFile(this EnvironmentRef environment) => !environment.IsUrl() && environment.Definition is null
        && (environment.Name.Contains('/', StringComparison.Ordinal)
        || s_endings.Any(e => environment.Name.EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The description of an object that is not registered; null: its name is enough.</summary>
    public static string? GetText(this EnvironmentRef environment) =>
        environment is { Info: null, Definition: { } description } ? DescriptionWriter.Write(description) : null;
}

/// <summary>One environment to deploy, from a name, a file, a URL, or the object of another command.</summary>
public sealed class DeployedEnvironmentConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value)
    {
        var environments = (EnvironmentRef[])new EnvironmentConversionAttribute().Transform(null!, value)!;
        if (environments is not [{ } environment]) throw new FormatException($"One environment is deployed at a time, not {environments.Length}.");
        if (environment.Definition is null && !environment.IsUrl() && !environment.IsFile()) EnvironmentSpecification.Parse(environment.Name);
        return environment;
    }
}
