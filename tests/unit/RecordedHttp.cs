using System.Globalization;
using System.Net;
using System.Text;

namespace WaltG5k.Tests;

/// <summary>A recorded exchange: the request, an empty line, the raw answer with its header lines, an empty line, the body as it was.</summary>
sealed record RecordedHttp(HttpStatusCode Status, string ContentType, byte[] Body)
{
    public static RecordedHttp Read(string path)
    {
        string text = Samples.Read(path).ReplaceLineEndings("\n");
        string[] parts = text.Split("\n\n", 3);
        string[] head = parts[1].Split('\n');
        string type = head.First(l => l.StartsWith("Content-Type: ", StringComparison.Ordinal))["Content-Type: ".Length..];
        return new RecordedHttp((HttpStatusCode)int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture), type, Encoding.UTF8.GetBytes(parts[2]));
    }

    public HttpResponseMessage ToResponse()
    {
        var content = new ByteArrayContent(Body);
        content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        return new HttpResponseMessage(Status) { Content = content };
    }
}
