using System.Collections.Specialized;
using WaltG5k.Testbed.Oar.Commands;

namespace WaltG5k.Testbed.Oar.Rest;

/// <summary>A request to a site's interface.</summary>
/// <param name="Words">The path behind <c>/oarapi</c>, with the ending of the last word.</param>
/// <param name="QueryText">As it was written, for the links.</param>
/// <param name="User">Whom the front says it is; null: nobody.</param>
sealed record RestCall(TestbedWorld World, OarServer Server, string Method, string[] Words, string QueryText, NameValueCollection Query,
    string? User, string Body,
    CancellationToken Ended)
{
    public long Now => Server.Now;
    public string Path => "/oarapi/" + string.Join('/', Words);

    /// <summary>The words without <c>.json</c>.</summary>
    public string[] Names => Words is [.., var last] && last.EndsWith(".json", StringComparison.Ordinal) ? [.. Words[..^1], last[..^5]] : Words;
}

/// <summary>What it answers.</summary>
sealed record RestAnswer(int Status, string ContentType, string Body, string? Allow = null, string? Location = null)
{
    // The header lies: what follows is UTF-8.
    const string Json = "application/json; charset=ISO-8859-1";

    /// <summary>What the web server in front says when the process behind it has died.</summary>
    public static RestAnswer BadGateway { get; } = new(502, "text/html",
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n");

    public static RestAnswer Of(int status, object? document, Random random, string? allow = null, string? location = null) =>
        new(status, Json, PerlJson.Write(document, random) + "\n", allow, location);

    public static RestAnswer Error(int status, string title, string message, Random random) =>
        Of(status, new Dictionary<string, object?> { ["code"] = status, ["title"] = title, ["message"] = message }, random);
}
