using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed.Api;

/// <summary>The reference API of Grid'5000, over HTTP on the loopback interface.</summary>
public sealed class ApiPart : ITestbedPart
{
    const string DeploymentsKey = "deployments";

    readonly TestbedWorld _world;
    readonly ApiRouter _router;
    readonly CancellationTokenSource _ended = new();
    readonly HttpListener _listener;
    readonly Uri _root;
    Task _serving = Task.CompletedTask;

    public ApiPart(TestbedWorld world)
    {
        _world = world;
        _router = new ApiRouter(world, _ended.Token);
        (_listener, _root) = Listen();
    }

    public string Name => "api";
    /// <summary>The root of the stable version.</summary>
    public Uri BaseAddress => new(_root, "stable/");

    /// <summary>Requests that are carried out by OAR, Kadeploy or the switches, in their time.</summary>
    internal static bool TakesTime(HttpRequestMessage request) => request.Method == HttpMethod.Post || request.Method == HttpMethod.Delete;

    /// <summary>Its own deployments: everything else that it shows is kept by others.</summary>
    public JsonNode? Save() => new JsonObject { [DeploymentsKey] = _router.Deployments.Save() };

    public void Load(JsonNode state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state[DeploymentsKey] is JsonArray deployments) _router.Deployments.Load(deployments);
    }

    public void Start() => _serving = Task.Run(ServeAsync);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        _listener.Close();
        await _serving.ConfigureAwait(false);
        _ended.Dispose();
    }

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    async Task AnswerAsync(HttpListenerContext context)
    {
        HttpListenerResponse response = context.Response;
        try
        {
            ApiRequest request = ApiRequest.From(context.Request, _world.User);
            string[] meant = [.. request.Segments.Skip(1), request.Method];
            if (_world.Faults.Strikes(FaultNames.ApiSilent, meant)) await Task.Delay(Timeout.Infinite, _ended.Token).ConfigureAwait(false);
            ApiAnswer answer = await AnswerAsync(request, meant).ConfigureAwait(false);
            response.StatusCode = answer.Status;
            if (answer.ContentType.Length > 0) response.ContentType = answer.ContentType;
            response.Headers["Cache-Control"] = answer.CacheControl;
            foreach ((string name, string value) in answer.Headers) response.Headers[name] = value;
            response.ContentLength64 = answer.Body.Length;
            if (context.Request.HttpMethod != "HEAD") response.OutputStream.Write(answer.Body.Span);
            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or the testbed has ended.
            response.Abort();
        }
    }

    async Task<ApiAnswer> AnswerAsync(ApiRequest request, string[] meant)
    {
        if (_world.Faults.Take(FaultNames.ApiWantsLogin) is { } lockedUp && request.Login?.Password != lockedUp.Value)
            return ApiAnswer.Text(401, "Unauthorized").With("WWW-Authenticate", "Basic realm=\"Grid'5000 API\"");
        if (_world.Faults.Strikes(FaultNames.ApiDown, meant)) return ApiAnswer.Text(503, "Service Unavailable");
        if (_world.Faults.Strikes(FaultNames.ApiFails, meant)) return ApiAnswer.Text(500, "Internal Server Error");
        ApiAnswer answer = await FindAsync(request).ConfigureAwait(false);
        // What was asked for is done all the same.
        return _world.Faults.Strikes(FaultNames.ApiAnswerLost, meant) ? ApiAnswer.Text(502, "Bad Gateway") : answer;
    }

    async Task<ApiAnswer> FindAsync(ApiRequest request)
    {
        try
        {
            return await _router.AnswerAsync(request).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            // As the real one: a body that is no JSON is its own failure.
            return ApiAnswer.Text(500, $"859: unexpected token at '{request.Body[..Math.Min(request.Body.Length, 40)]}' {e.LineNumber}".TrimEnd());
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception e)
        {
            // A defect of the emulation has to reach the client: without an answer it would wait for ever.
            return ApiAnswer.Text(500, e.ToString());
        }
    }

    // HttpListener takes no port 0: ask the system for a free one, and ask again should somebody else have taken it meanwhile.
    internal static (HttpListener Listener, Uri Root) Listen()
    {
        for (int attempt = 1; ; attempt++)
        {
            int port;
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                port = ((IPEndPoint)probe.LocalEndpoint).Port;
            }
            var root = new Uri($"http://127.0.0.1:{port}/");
            var listener = new HttpListener();
            listener.Prefixes.Add(root.ToString());
            try
            {
                listener.Start();
                return (listener, root);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close();
            }
        }
    }
}
