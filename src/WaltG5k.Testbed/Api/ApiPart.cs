using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Api;

/// <summary>The reference API of Grid'5000, over HTTP on the loopback interface.</summary>
public sealed class ApiPart : ITestbedPart
{
    readonly TestbedWorld _world;
    readonly HttpListener _listener;
    readonly Uri _root;
    Task _serving = Task.CompletedTask;

    public ApiPart(TestbedWorld world)
    {
        _world = world;
        (_listener, _root) = Listen();
    }

    public string Name => "api";
    /// <summary>The root of the stable version.</summary>
    public Uri BaseAddress => new(_root, "stable/");

    /// <summary>Everything it shows is kept by others.</summary>
    public JsonNode? Save() => null;
    public void Load(JsonNode state) { }
    public void Start() => _serving = Task.Run(ServeAsync);

    public async ValueTask DisposeAsync()
    {
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
            _ = Task.Run(() => Answer(context));
        }
    }

    static void Answer(HttpListenerContext context)
    {
        context.Response.StatusCode = 404;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Close(Encoding.UTF8.GetBytes($"Cannot find resource {context.Request.Url!.AbsolutePath}"), willBlock: false);
    }

    // HttpListener takes no port 0: ask the system for a free one, and ask again should somebody else have taken it meanwhile.
    static (HttpListener Listener, Uri Root) Listen()
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
