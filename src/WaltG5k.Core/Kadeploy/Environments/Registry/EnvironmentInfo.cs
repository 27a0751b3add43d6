using System.Globalization;

namespace WaltG5k.Core.Kadeploy;

/// <summary>An environment that is registered at a site.</summary>
/// <param name="Site">Each site has its own; those of Grid'5000's staff are the same everywhere.</param>
/// <param name="Definition">The whole description.</param>
public sealed record EnvironmentInfo(string Site, EnvironmentDescription Definition) : IComparable<EnvironmentInfo>
{
    public string Name => Definition.Name;
    public long Version => Definition.Version;
    /// <summary>Whose; empty where Kadeploy does not tell.</summary>
    public string User => Definition.Owner ?? "";
    /// <summary><c>x86_64</c>, <c>aarch64</c> or <c>ppc64le</c>; null before Kadeploy 3.8.</summary>
    public string? Architecture => Definition.Architecture;
    /// <summary>Another name for it, such as <c>debian12-x64-min</c>.</summary>
    public string? Alias => Definition.Alias;
    public EnvironmentVisibility Visibility => Definition.Visibility;
    public bool IsDestructive => Definition.IsDestructive;
    public string Description => Definition.Description;
    public string Author => Definition.Author;
    /// <summary>Where Kadeploy takes the image from.</summary>
    public string? Image => Definition.Image?.File;
    public string? FileSystem => Definition.FileSystem;

    /// <summary>What names exactly this one to kadeploy3: <c>NAME@USER:VERSION%ARCH</c>.</summary>
    public string Specification => new EnvironmentSpecification(Name) { User = User.Length > 0 ? User : null, Version = Version,
        Architecture = Architecture }.ToString();

    /// <summary>By site, name, architecture; newest first.</summary>
    public int CompareTo(EnvironmentInfo? other)
    {
        if (other is null) return 1;
        int order = string.CompareOrdinal(Site, other.Site);
        if (order == 0) order = string.CompareOrdinal(Name, other.Name);
        if (order == 0) order = string.CompareOrdinal(User, other.User);
        if (order == 0) order = -string.CompareOrdinal(Architecture, other.Architecture); // x86_64 first
        return order != 0 ? order : other.Version.CompareTo(Version);
    }

    public static bool operator <(EnvironmentInfo left, EnvironmentInfo right) => Compare(left, right) < 0;
    public static bool operator >(EnvironmentInfo left, EnvironmentInfo right) => Compare(left, right) > 0;
    public static bool operator <=(EnvironmentInfo left, EnvironmentInfo right) => Compare(left, right) <= 0;
    public static bool operator >=(EnvironmentInfo left, EnvironmentInfo right) => Compare(left, right) >= 0;

    public override string ToString() => Name;

    static int Compare(EnvironmentInfo? left, EnvironmentInfo? right) => left is null ? (right is null ? 0 : -1) : left.CompareTo(right);
}
