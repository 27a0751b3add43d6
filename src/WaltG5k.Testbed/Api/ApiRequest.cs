using System.Collections.Specialized;
using System.Globalization;
using System.Net;

namespace WaltG5k.Testbed.Api;

/// <summary>A request, as far as the API looks at it.</summary>
/// <param name="Version">The first word of its path: <c>stable</c>, <c>sid</c> or <c>3.0</c>.</param>
/// <param name="Segments">The words behind the version.</param>
sealed record ApiRequest(string Method, string Version, IReadOnlyList<string> Segments, NameValueCollection Query, bool WantsPlainJson)
{
    /// <summary>The path without the version, as error texts show it.</summary>
    public string Path => "/" + string.Join('/', Segments);

    /// <summary>The absolute path of a resource, for a link.</summary>
    public string Href(string path) => $"/{Version}{path}";

    public bool IsPretty => Query["pretty"] is "yes" or "true" or "1";

    /// <summary>A yes-or-no parameter.</summary>
    public bool Asks(string name, bool otherwise) => Query[name] switch { "yes" or "true" or "1" => true, "no" or "false" or "0" => false, _ => otherwise };

    public int GetNumber(string name, int otherwise) =>
        int.TryParse(Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    /// <summary>The values of a comma-separated parameter, or null where it is not given.</summary>
    public string[]? GetList(string name) => Query[name]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static ApiRequest From(HttpListenerRequest request)
    {
        string[] words = [.. request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        string accept = request.Headers["Accept"] ?? "*/*";
        bool wantsPlain = !accept.Contains("vnd.grid5000", StringComparison.OrdinalIgnoreCase) && !accept.Contains("*/*", StringComparison.Ordinal);
        return new ApiRequest(request.HttpMethod, words.FirstOrDefault() ?? "", [.. words.Skip(1)], request.QueryString, wantsPlain);
    }
}
