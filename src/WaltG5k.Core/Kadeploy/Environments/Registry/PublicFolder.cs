namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// The web folder of each user: what lies in <c>~/public</c> of a site is <c>http://public.SITE.grid5000.fr/~USER/…</c> for the servers and nodes of
/// every site, so that an environment whose files are named so can be deployed anywhere.
/// </summary>
public static class PublicFolder
{
    const string Name = "public/";

    /// <param name="path">On the front-end: absolute, or as the home has it.</param>
    /// <returns>Null for a file outside of the folder.</returns>
    public static string? GetUrl(string site, string user, string path)
    {
        string home = $"/home/{user}/";
        string inHome = path.StartsWith("~/", StringComparison.Ordinal)
            ? path[2..]
            : path.StartsWith(home, StringComparison.Ordinal) ? path[home.Length..] : path;
        if (inHome.StartsWith("./", StringComparison.Ordinal)) inHome = inHome[2..];
        return inHome.StartsWith(Name, StringComparison.Ordinal) && inHome.Length > Name.Length && !inHome.Split('/').Contains("..")
            ? $"http://public.{site}.grid5000.fr/~{user}/{string.Join('/', inHome[Name.Length..].Split('/').Select(Uri.EscapeDataString))}"
            : null;
    }

    /// <summary>The description with its files by URL, where they lie in the web folder of the user's home at that site.</summary>
    public static EnvironmentDescription UseUrls(EnvironmentDescription description, string site, string user)
    {
        return description with
        {
            Image = description.Image is { } image ? image with { File = Publish(image.File) } : null,
            Preinstall = description.Preinstall is { } preinstall ? preinstall with { Archive = Publish(preinstall.Archive) } : null,
            Postinstalls = [.. description.Postinstalls.Select(p => p with { Archive = Publish(p.Archive) })],
        };

        string Publish(string file)
        {
            string path = file.StartsWith("local://", StringComparison.Ordinal) ? file["local://".Length..] : file;
            return path.Contains("://", StringComparison.Ordinal) ? file : GetUrl(site, user, path) ?? file;
        }
    }
}
