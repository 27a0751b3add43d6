using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>
/// The files that descriptions name. Those of the user's home, and of the web folder in it (<c>~/public</c>, which is
/// <c>http://public.SITE.grid5000.fr/~USER/</c>),
/// really exist in the testbed's folder. The rest of the world has what anybody asks for, and nobody can look into it.
/// </summary>
internal static partial class EnvironmentFiles
{
    /// <summary>The real path of a file that may be looked into; null: it lies elsewhere.</summary>
    public static string? Locate(CommandContext context, string file)
    {
        if (PublicUrl().Match(file) is { Success: true } url)
            return url.Groups["user"].Value == context.User
                ? FrontendFiles.ResolveOwn(context, "~/public/" + Uri.UnescapeDataString(url.Groups["path"].Value))
                : null;
        if (file.StartsWith("server:///", StringComparison.Ordinal))
            return file.StartsWith("server:///home/", StringComparison.Ordinal)
                ? FrontendFiles.ResolveOwn(context, file["server://".Length..])
                : null;
        if (file.StartsWith("local://", StringComparison.Ordinal)) file = file["local://".Length..];
        return file.Contains("://", StringComparison.Ordinal) ? null : FrontendFiles.Resolve(context, file);
    }

    /// <summary>Its bytes; null: it lies elsewhere.</summary>
    /// <exception cref="RequestException">5: it is not there.</exception>
    public static byte[]? Fetch(CommandContext context, string file)
    {
        int colon = file.IndexOf("://", StringComparison.Ordinal);
        if (colon >= 0 && file[..colon] is not ("server" or "local" or "http" or "https"))
            throw new RequestException(5, $"Invalid file -- Unable to grab the file '{file}', unknown protocol {file[..colon]}", true);
        if (Locate(context, file) is not string real) return null;
        if (File.Exists(real)) return File.ReadAllBytes(real);
        throw new RequestException(5, file.StartsWith("http", StringComparison.Ordinal)
            ? $"Invalid file -- Unable to get the checksum of {file} (http error #404)"
            : $"Invalid file -- Unable to grab the file {file}", true);
    }

    /// <summary>The MD5 of a file; that of one which lies elsewhere is made of its name and never changes.</summary>
    /// <exception cref="RequestException">5: it is not there.</exception>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "Kadeploy's own checksums are MD5.")]
    public static string Checksum(CommandContext context, string file) =>
        Convert.ToHexString(MD5.HashData(Fetch(context, file) ?? Encoding.UTF8.GetBytes(file))).ToLower(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^https?://public\.(?<site>[a-z]+)\.grid5000\.fr/~(?<user>[a-z0-9_-]+)/(?<path>[^?#]+)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex PublicUrl();
}
