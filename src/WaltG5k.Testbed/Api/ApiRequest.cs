using System.Collections.Specialized;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace WaltG5k.Testbed.Api;

/// <summary>A request, as far as the API looks at it.</summary>
/// <param name="Version">The first word of its path: <c>stable</c>, <c>sid</c> or <c>3.0</c>.</param>
/// <param name="Segments">The words behind the version.</param>
sealed record ApiRequest(string Method, string Version, IReadOnlyList<string> Segments, NameValueCollection Query, bool WantsPlainJson)
{
    /// <summary>Whom the front says it is; null: nobody.</summary>
    public string? User { get; init; }
    /// <summary>The name and the password of basic authentication; null: none was sent.</summary>
    public (string User, string Password)? Login { get; init; }
    public string ContentType { get; init; } = "";
    public string Body { get; init; } = "";

    /// <summary>The path without the version, as error texts show it.</summary>
    public string Path => "/" + string.Join('/', Segments);

    /// <summary>The absolute path of a resource, for a link.</summary>
    public string Href(string path) => $"/{Version}{path}";

    public bool IsPretty => Query["pretty"] is "yes" or "true" or "1";

    /// <summary>A yes-or-no parameter.</summary>
    public bool Asks(string name, bool otherwise) =>
        Query[name] switch { "yes" or "true" or "1" => true, "no" or "false" or "0" => false, _ => otherwise };

    public int GetNumber(string name, int otherwise) =>
        int.TryParse(Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    /// <summary>The values of a comma-separated parameter, or null where it is not given.</summary>
    public string[]? GetList(string name) => Query[name]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The body as JSON.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public JsonElement ReadBody() => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <param name="user">Whose testbed it is: who asks from a front-end is known.</param>
    public static ApiRequest From(HttpListenerRequest request, string user)
    {
        string[] words = [.. request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        string accept = request.Headers["Accept"] ?? "*/*";
        bool wantsPlain = !accept.Contains("vnd.grid5000", StringComparison.OrdinalIgnoreCase) && !accept.Contains("*/*", StringComparison.Ordinal);
        (string User, string Password)? login = ReadLogin(request.Headers["Authorization"]);
        string? named = request.Headers["X-Api-User-Cn"] ?? login?.User ?? user;
        using var body = new StreamReader(request.InputStream, Encoding.UTF8);
        return new ApiRequest(request.HttpMethod, words.FirstOrDefault() ?? "", [.. words.Skip(1)], request.QueryString, wantsPlain)
        {
            User = named is "anonymous" or "" ? null : named,
            Login = login,
            ContentType = request.ContentType ?? "",
            Body = request.HasEntityBody ? body.ReadToEnd() : "",
        };
    }

    static (string, string)? ReadLogin(string? header)
    {
        if (header?.StartsWith("Basic ", StringComparison.Ordinal) != true) return null;
        try
        {
            string[] parts = Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])).Split(':', 2);
            return parts.Length == 2 ? (parts[0], parts[1]) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
