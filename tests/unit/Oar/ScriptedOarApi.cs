using System.Net;
using System.Text;

namespace WaltG5k.Tests.Oar;

/// <summary>OAR's REST interface as the test sets it up; what nothing was set up for is an error of the test.</summary>
sealed class ScriptedOarApi : HttpMessageHandler
{
    readonly Dictionary<string, Func<HttpResponseMessage>> _answers = new(StringComparer.Ordinal);

    public ScriptedOarApi() => Client = new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://oar.test/oarapi/") };

    public HttpClient Client { get; }
    public List<string> Paths { get; } = [];

    public ScriptedOarApi ReturnsRecorded(string path, string sample)
    {
        _answers[path] = RecordedHttp.Read($"oar/{sample}.http").ToResponse;
        return this;
    }

    public ScriptedOarApi Returns(string path, string body, HttpStatusCode status = HttpStatusCode.OK)
    {
        _answers[path] = () => new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        return this;
    }

    public ScriptedOarApi Throws(string path, Exception exception)
    {
        _answers[path] = () => throw exception;
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string path = request.RequestUri!.PathAndQuery["/oarapi/".Length..];
        Paths.Add(path);
        return _answers.TryGetValue(path, out Func<HttpResponseMessage>? answer)
            ? Task.FromResult(answer())
            : throw new InvalidOperationException($"Unexpected request: {path}");
    }

    protected override void Dispose(bool disposing)
    {
        Client.Dispose();
        base.Dispose(disposing);
    }
}
