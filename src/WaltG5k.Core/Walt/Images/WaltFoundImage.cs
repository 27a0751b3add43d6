namespace WaltG5k.Core.Walt.Images;

/// <summary>An image that a search found, to be cloned.</summary>
/// <param name="Link">Null where the image needs a newer server.</param>
public sealed record WaltFoundImage(string User, string Name, WaltImageLink? Link)
{
    /// <summary>As the server calls it: <c>docker hub</c>, <c>walt (other user)</c>, <c>docker daemon</c>, <c>custom registry</c>.</summary>
    public string Location { get; init; } = "";
    /// <summary>Node models, shortened as the server does: <c>pc-x86-[32|64]</c>.</summary>
    public string Compatibility { get; init; } = "";
    /// <summary>What stands in the way of cloning it: <c>Need server upgrade, version>=11</c>.</summary>
    public string Note { get; init; } = "";
    public override string ToString() => Link?.ToString() ?? $"{User}/{Name}";

    /// <summary>A row of the table that the server prints: there is no other form of the result.</summary>
    internal static WaltFoundImage FromRow(IReadOnlyDictionary<string, string> row)
    {
        string link = row.GetValueOrDefault("Clonable link", "");
        WaltImageLink? parsed = WaltImageLink.TryParse(link);
        return new WaltFoundImage(row.GetValueOrDefault("User", ""), row.GetValueOrDefault("Image name", ""), parsed)
        {
            Location = row.GetValueOrDefault("Location", ""),
            Compatibility = row.GetValueOrDefault("Compatibility", ""),
            Note = parsed is null ? link.Trim('[', ']') : "",
        };
    }
}

/// <summary>An image registry that the server knows.</summary>
public sealed record WaltRegistry(string Label, string Description)
{
    public override string ToString() => Label;
}

/// <summary>An image that was published.</summary>
/// <param name="Link">By which others clone it.</param>
public sealed record WaltImagePublication(string Image, string Registry, string Link)
{
    public override string ToString() => Link;
}

/// <summary>What became of a command that was run in an image.</summary>
public sealed record WaltImageEdit(string Image)
{
    /// <summary>Of the command; nothing is saved unless it is 0.</summary>
    public int ExitStatus { get; init; }
    /// <summary>The name under which the image was saved; empty: it was not.</summary>
    public string SavedAs { get; init; } = "";
    public string Output { get; init; } = "";
    public string Error { get; init; } = "";
    public TimeSpan Duration { get; init; }
    public override string ToString() => SavedAs.Length > 0 ? SavedAs : Image;
}
