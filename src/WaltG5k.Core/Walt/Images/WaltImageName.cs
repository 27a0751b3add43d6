using System.Text.RegularExpressions;

namespace WaltG5k.Core.Walt.Images;

/// <summary>Names of images as WalT allows them: <c>name</c> or <c>name:tag</c>, of lowercase letters, digits and dashes.</summary>
public static partial class WaltImageName
{
    const string Latest = ":latest";

    /// <summary>WalT's word for "the default image of the node's model"; no image may be called so.</summary>
    public const string Default = "default";

    [GeneratedRegex("^[a-z0-9-]+(:[a-z0-9-]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Valid { get; }

    /// <summary>Whether an image may be given that name.</summary>
    public static bool IsValid(string name) => name != Default && Valid.IsMatch(name) && !name.Contains('\n', StringComparison.Ordinal);

    /// <summary>The name itself, without the tag <c>latest</c> that stands for none.</summary>
    /// <exception cref="G5kException"><c>ImageNameInvalid</c>.</exception>
    public static string Require(string name) => IsValid(name) ? WithoutLatest(name) : throw Invalid(name);

    public static string WithoutLatest(string name) => name.EndsWith(Latest, StringComparison.Ordinal) ? name[..^Latest.Length] : name;

    /// <summary><c>user/name:tag</c>.</summary>
    public static string GetFullName(string user, string name) =>
        name.Contains(':', StringComparison.Ordinal) ? $"{user}/{name}" : $"{user}/{name}{Latest}";

    static G5kException Invalid(string name)
    {
        string why = name == Default ? "'default' means the default image of a node's model"
            : "lowercase letters, digits and dashes make a name, and one ':' may set off a tag";
        return new G5kException("ImageNameInvalid", ErrorKind.InvalidArgument, $"'{name}' cannot be the name of an image: {why}.", name,
            Suggest(name) is { Length: > 0 } other && other != name ? $"Take another name, such as {other}" : "Take another name, such as my-image");
    }

    static string Suggest(string name) => Unfit.Replace(name.ToLowerInvariant(), "-").Trim('-') is var near && IsValid(near) ? near : "";

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Unfit { get; }
}
