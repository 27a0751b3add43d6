using System.Net;
using System.Text.Json;

namespace WaltG5k.Core.Grid5000;

/// <summary>A request to the API.</summary>
/// <param name="Path">Below the version root, without a slash in front.</param>
sealed record ApiCall(HttpMethod Method, string Path)
{
    /// <summary>JSON; null: no body.</summary>
    public string? Body { get; init; }

    /// <summary>Sending it twice does no more than sending it once. What makes something anew is never repeated blindly.</summary>
    public bool IsRepeatable { get; init; } = Method != HttpMethod.Post;

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>A successful answer.</summary>
/// <param name="Text">The body as it came: the content type of this API promises JSON for plain text now and then.</param>
sealed record ApiReply(HttpStatusCode Status, string Text)
{
    /// <summary>The body as JSON; null when it is none.</summary>
    public JsonElement? Json
    {
        get
        {
            if (Text.AsSpan().TrimStart() is not ['{' or '[', ..]) return null;
            try { return JsonSerializer.Deserialize<JsonElement>(Text); }
            catch (JsonException) { return null; }
        }
    }
}
