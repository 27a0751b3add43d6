using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WaltG5k.Testbed.Api;

/// <summary>An answer: JSON for what there is, plain text for every error.</summary>
sealed record ApiAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body, string CacheControl = "no-cache")
{
    /// <summary>Further header lines: Location, Allow, X-Oar-Info.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    // As the real one: nothing is escaped that JSON does not ask for.
    static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    static readonly JsonWriterOptions s_pretty = s_compact with { Indented = true };

    public static ApiAnswer Text(int status, string text) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    /// <summary>Done, and there is nothing to say.</summary>
    public static ApiAnswer NoContent { get; } = new(204, "", ReadOnlyMemory<byte>.Empty);

    /// <summary>Somebody else's, or nobody has said who asks.</summary>
    public static ApiAnswer NotAuthorized { get; } = Text(403, "You are not authorized to access this resource");

    public ApiAnswer With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };

    /// <summary>Reference data, which a cache may keep for a minute.</summary>
    public static ApiAnswer ReferenceItem(ApiRequest request, Action<Utf8JsonWriter> write) =>
        Json(request, "item", "max-age=60, public", write);

    public static ApiAnswer ReferenceCollection(ApiRequest request, Action<Utf8JsonWriter> write) =>
        Json(request, "collection", "max-age=60, public", write);

    public static ApiAnswer Item(ApiRequest request, Action<Utf8JsonWriter> write, string cacheControl = "max-age=0, private, must-revalidate") =>
        Json(request, "item", cacheControl, write);

    public static ApiAnswer Collection(ApiRequest request, Action<Utf8JsonWriter> write,
        string cacheControl = "max-age=0, private, must-revalidate") =>
        Json(request, "collection", cacheControl, write);

    static ApiAnswer Json(ApiRequest request, string kind, string cacheControl, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, request.IsPretty ? s_pretty : s_compact)) write(writer);
        string type = request.WantsPlainJson ? "application/json" : $"application/vnd.grid5000.{kind}+json";
        return new ApiAnswer(200, type + "; charset=utf-8", buffer.WrittenMemory, cacheControl);
    }
}
