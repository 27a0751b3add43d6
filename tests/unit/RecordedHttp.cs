using System.Globalization;
using System.Net;
using System.Text;

namespace WaltG5k.Tests;

/// <summary>
/// A recorded exchange: the request with its body if it had one, an empty line, the answer with its header lines, an empty line, its body.
/// </summary>
sealed record RecordedHttp(HttpStatusCode Status, string ContentType, byte[] Body)
{
    public HttpMethod Method { get; private init; } = HttpMethod.Get;
    public string Address { get; private init; } = "";
    /// <summary>Null: none.</summary>
    public string? RequestBody { get; private init; }

    public static RecordedHttp Read(string path)
    {
        string text = Samples.Read(path).ReplaceLineEndings("\n");
        string[] parts = text.Split("\n\n", 3);
        string[] request = parts[0].Split('\n', 2), line = request[0].Split(' ', 2), head = parts[1].Split('\n');
        string type = head.FirstOrDefault(l => l.StartsWith("Content-Type: ", StringComparison.Ordinal)) is { } header
            ? header["Content-Type: ".Length..]
            : "";
        return new RecordedHttp((HttpStatusCode)int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture), type,
            Encoding.UTF8.GetBytes(parts.ElementAtOrDefault(2) ?? ""))
        {
            Method = new HttpMethod(line[0]),
            Address = line.ElementAtOrDefault(1) ?? "",
            RequestBody = request.ElementAtOrDefault(1),
        };
    }

    public HttpResponseMessage ToResponse()
    {
        var content = new ByteArrayContent(Body);
        if (ContentType.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        return new HttpResponseMessage(Status) { Content = content };
    }
}
