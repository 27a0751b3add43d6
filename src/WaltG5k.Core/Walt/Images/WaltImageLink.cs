namespace WaltG5k.Core.Walt.Images;

/// <summary>
/// Where an image can be cloned from: <c>hub:user/image[:tag]</c>, <c>walt:user/image</c>, <c>docker:user/image</c>, or another registry by its
/// label.
/// </summary>
/// <param name="Location"><c>walt</c>: another user of the server; <c>docker</c>: the Docker daemon of the server; else the label of a registry, such
/// as <c>hub</c>.</param>
/// <param name="Name">Without the tag <c>latest</c>.</param>
public sealed record WaltImageLink(string Location, string User, string Name)
{
    public const string Server = "walt";
    public const string DockerDaemon = "docker";
    public const string Hub = "hub";

    /// <summary>Whether the image is on the server already.</summary>
    public bool IsOnServer => Location == Server;

    /// <summary>The name that a clone gets where none is given: what WalT does not allow in a name becomes a dash.</summary>
    public string CloneName
    {
        get
        {
            string fixedName = new([.. Name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '-')]);
            while (fixedName.Contains("--", StringComparison.Ordinal)) fixedName = fixedName.Replace("--", "-", StringComparison.Ordinal);
            return fixedName;
        }
    }

    public override string ToString() => $"{Location}:{User}/{Name}";

    /// <exception cref="G5kException"><c>ImageLinkInvalid</c>.</exception>
    public static WaltImageLink Parse(string text) => TryParse(text) ?? throw new G5kException("ImageLinkInvalid", ErrorKind.InvalidArgument,
        $"'{text}' is no link to an image: it would be LOCATION:USER/IMAGE[:TAG], LOCATION being hub, walt, docker or the label of a registry.",
        text, "Find-WaltImage shows links.");

    /// <summary>The link, or null where the text is none.</summary>
    public static WaltImageLink? TryParse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || text.Any(char.IsWhiteSpace)) return null;
        return text[(colon + 1)..].Split('/') is [{ Length: > 0 } user, { Length: > 0 } name] && name.Split(':') is { Length: <= 2 } parts
            && parts.All(p => p.Length > 0)
            && !user.Contains(':', StringComparison.Ordinal) ? new WaltImageLink(text[..colon], user, WaltImageName.WithoutLatest(name)) : null;
    }
}
