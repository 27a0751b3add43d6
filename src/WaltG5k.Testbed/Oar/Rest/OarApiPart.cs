using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using WaltG5k.Testbed.Api;
using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed.Oar.Rest;

/// <summary>OAR's own REST interface of every site, over HTTP on the loopback interface: <c>/SITE/oarapi/…</c>.</summary>
public sealed class OarApiPart : ITestbedPart
{
    readonly TestbedWorld _world;
    readonly HttpListener _listener;
    readonly CancellationTokenSource _ended = new();
    Task _serving = Task.CompletedTask;

    public OarApiPart(TestbedWorld world)
    {
        _world = world;
        (_listener, Root) = ApiPart.Listen();
    }

    public string Name => "oar-api";
    /// <summary>The root below which each site has its interface.</summary>
    public Uri Root { get; }

    /// <summary>What changes something runs OAR's commands, which takes time; looking takes none.</summary>
    public static bool TakesTime(HttpRequestMessage request) => request.Method != HttpMethod.Get && request.Method != HttpMethod.Head;

    /// <summary>Everything it shows is kept by OAR.</summary>
    public JsonNode? Save() => null;
    public void Load(JsonNode state) { }
    public void Start() => _serving = Task.Run(ServeAsync);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        _listener.Close();
        await _serving.ConfigureAwait(false);
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
            RestAnswer answer = await FindAsync(context.Request).ConfigureAwait(false);
            response.StatusCode = answer.Status;
            response.ContentType = answer.ContentType;
            if (answer.Allow is not null) response.AddHeader("Allow", answer.Allow);
            if (answer.Location is not null) response.AddHeader("Location", answer.Location);
            response.SendChunked = true;
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body), _ended.Token).ConfigureAwait(false);
            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or the testbed has ended.
            response.Abort();
        }
    }

    async Task<RestAnswer> FindAsync(HttpListenerRequest request)
    {
        try
        {
            using var reader = new StreamReader(request.InputStream, Encoding.UTF8);
            string body = await reader.ReadToEndAsync(_ended.Token).ConfigureAwait(false);
            string[] words = [.. request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
            OarPart? oar = _world.Parts.OfType<OarPart>().FirstOrDefault();
            if (words.Length < 2 || words[1] != "oarapi" || oar?.FindServer(words[0]) is not { } server) return RestAnswer.BadGateway;
            if (_world.Faults.Strikes(FaultNames.OarRestDown, server.Site)) return RestAnswer.BadGateway;
            var call = new RestCall(_world, server, request.HttpMethod, words[2..], request.Url.Query.TrimStart('?'), request.QueryString,
                request.Headers["X-Remote-Ident"], body, _ended.Token);
            return await RestRouter.AnswerAsync(call).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or HttpListenerException or IOException))
        {
            // A defect of the emulation has to reach the client: without an answer it would wait for ever.
            return RestAnswer.Error(500, "Defect of the testbed", e.ToString(), new Random());
        }
    }
}
