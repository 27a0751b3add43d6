using System.Net;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests;

/// <summary>A grid of which only the API and the clock exist. A path that nothing was set up for answers 404 as the real one does.</summary>
sealed class ScriptedApi(TimeProvider time) : HttpMessageHandler, IGrid
{
    readonly Dictionary<string, Queue<Func<HttpResponseMessage>>> _answers = new(StringComparer.Ordinal);
    HttpClient? _client;

    public string Name => "scripted";
    public string User => "jdoe";
    public string? LocalSite => null;
    public string HomeDirectory => throw new InvalidOperationException("No test of the API needs a home.");
    public TimeProvider Time => time;
    public HttpClient Api => _client ??= new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("https://api.test/stable/") };
    public IReadOnlyList<string> ConnectArguments => [];
    public IFrontend GetFrontend(string site) => throw new InvalidOperationException("No test of the API needs a front-end.");

    /// <summary>Every path asked for, below the version.</summary>
    public List<string> Paths { get; } = [];
    public List<string> CacheControls { get; } = [];
    /// <summary>Every request: <c>GET sites/nancy/jobs?user=jdoe</c>, and behind a blank the body if it had one.</summary>
    public List<string> Requests { get; } = [];
    public List<ApiCallRecord> Calls { get; } = [];
    public void OnApiCall(ApiCallRecord call) => Calls.Add(call);

    public ScriptedApi Returns(string path, string body, HttpStatusCode status = HttpStatusCode.OK) =>
        Add(path, () => new HttpResponseMessage(status) { Content = new StringContent(body) });

    /// <summary>Answers as recorded, to the recorded method and path.</summary>
    public ScriptedApi Plays(string sample)
    {
        RecordedHttp recorded = RecordedHttp.Read(sample);
        return Add(Key(recorded.Method, new Uri(recorded.Address).AbsolutePath["/stable/".Length..]), recorded.ToResponse);
    }

    /// <param name="path">Behind the method where that is not GET: <c>POST sites/nancy/jobs</c>.</param>
    public ScriptedApi Throws(string path, Exception exception) => Add(path, () => throw exception);

    ScriptedApi Add(string path, Func<HttpResponseMessage> answer)
    {
        if (!_answers.TryGetValue(path, out Queue<Func<HttpResponseMessage>>? queue)) _answers[path] = queue = new();
        queue.Enqueue(answer);
        return this;
    }

    static string Key(HttpMethod method, string path) => method == HttpMethod.Get ? path : $"{method} {path}";

    /// <summary>Answers in the order set up; the last one stays.</summary>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string path = request.RequestUri!.AbsolutePath["/stable/".Length..];
        string? body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        Func<HttpResponseMessage> answer;
        lock (_answers)
        {
            Paths.Add(path);
            Requests.Add($"{request.Method} {path}{request.RequestUri.Query} {body}".TrimEnd());
            CacheControls.Add(request.Headers.CacheControl?.ToString() ?? "");
            answer = !_answers.TryGetValue(Key(request.Method, path), out Queue<Func<HttpResponseMessage>>? queue)
                ? () => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent($"Cannot find resource /{path}") }
                : queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        }
        return answer();
    }

    protected override void Dispose(bool disposing)
    {
        _client?.Dispose();
        base.Dispose(disposing);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}
