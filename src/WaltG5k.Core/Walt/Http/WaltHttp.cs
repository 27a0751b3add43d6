using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt.Logs;

namespace WaltG5k.Core.Walt.Http;

/// <summary>The read-only HTTP side of a WalT server: <c>/api/v1</c> and <c>/boot</c>, reached from a front-end.</summary>
sealed class WaltHttp : IDisposable
{
    /// <summary>Boot files up to this size are compared by content, larger ones (kernel, initrd) by what their headers say.</summary>
    const int MaximumHashed = 64 << 10;

    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    readonly string _host;
    readonly TimeProvider _time;
    readonly HttpClient _client;

    public WaltHttp(IFrontend frontend, string host, TimeProvider time)
    {
        (_host, _time) = (host, time);
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (context, token) =>
                await frontend.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, token).ConfigureAwait(false),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 16,
            MaxResponseDrainSize = MaximumHashed,
        };
        _client = new HttpClient(handler) { BaseAddress = new Uri($"http://{host}:{WaltServer.HttpPort}/"), Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Add("Prefer", "errors=json");
    }

    public async Task<IReadOnlyList<WaltNodeInfo>> GetNodesAsync(string query, CancellationToken cancellationToken)
        => await GetListAsync("api/v1/nodes" + query, "nodes", WaltHttpReader.ReadNode, cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyList<WaltImageInfo>> GetImagesAsync(string query, CancellationToken cancellationToken)
        => await GetListAsync("api/v1/images" + query, "images", WaltHttpReader.ReadImage, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// The log lines of a window and a microsecond around it: whether the server's comparisons take in the borders is its own matter.
    /// </summary>
    /// <param name="stream">A stream's whole name.</param>
    public Task<IReadOnlyList<WaltLogLine>> GetLogsAsync(LogWindow window, string? issuer, string? stream, CancellationToken cancellationToken)
    {
        StringBuilder query =
            new($"?from={LogTime.ToMilliseconds(window.Begin.AddMicroseconds(-1))}&to={LogTime.ToMilliseconds(window.End)}&ts_unit=ms");
        if (issuer is not null) query.Append("&issuer=").Append(Uri.EscapeDataString(issuer));
        if (stream is not null) query.Append("&stream=").Append(Uri.EscapeDataString(stream));
        return GetListAsync("api/v1/logs" + query, "logs", WaltHttpReader.ReadLog, cancellationToken);
    }

    /// <summary>What identifies the boot file that the server would give to the node, or null when it has none to give.</summary>
    public Task<string?> GetBootFileMarkAsync(string file, string nodeIp, CancellationToken cancellationToken)
        => SendAsync(BootPath(file, nodeIp), async (response, token) =>
        {
            if (response.StatusCode == HttpStatusCode.NotFound) return null;
            await EnsureSuccessAsync(response, token).ConfigureAwait(false);
            long? length = response.Content.Headers.ContentLength;
            if (length > MaximumHashed) return $"{length} {response.Headers.ETag?.Tag} {response.Content.Headers.LastModified:O}";
            return Convert.ToHexStringLower(SHA256.HashData(await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false)));
        }, cancellationToken);

    /// <summary>A small boot file as text, or null when the server has none for the node.</summary>
    public Task<string?> GetBootTextAsync(string file, string nodeIp, CancellationToken cancellationToken)
        => SendAsync(BootPath(file, nodeIp), async (response, token) =>
        {
            if (response.StatusCode == HttpStatusCode.NotFound) return null;
            await EnsureSuccessAsync(response, token).ConfigureAwait(false);
            return response.Content.Headers.ContentLength > MaximumHashed
                ? null
                : await response.Content.ReadAsStringAsync(token).ConfigureAwait(false);
        }, cancellationToken);

    /// <summary>The size of a boot file by its header, or null when the server has none for the node or does not tell.</summary>
    public Task<long?> GetBootFileSizeAsync(string file, string nodeIp, CancellationToken cancellationToken)
        => SendAsync(BootPath(file, nodeIp), async (response, token) =>
        {
            if (response.StatusCode == HttpStatusCode.NotFound) return null;
            await EnsureSuccessAsync(response, token).ConfigureAwait(false);
            return response.Content.Headers.ContentLength;
        }, cancellationToken);

    /// <summary>What the server wrote down about its nodes between two moments of its own clock.</summary>
    public async Task<IReadOnlyList<NodeEvent>> GetNodeEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        string path = string.Create(CultureInfo.InvariantCulture,
            $"api/v1/logs?from={(from - DateTimeOffset.UnixEpoch).TotalSeconds:0.000}&to={(to - DateTimeOffset.UnixEpoch).TotalSeconds:0.000}&issuer=walt-server&stream=platform.nodes");
        return [.. (await GetListAsync(path, "logs", NodeEvent.Read, cancellationToken).ConfigureAwait(false)).OfType<NodeEvent>()];
    }

    static string BootPath(string file, string nodeIp) => $"boot/{file}?node_ip={Uri.EscapeDataString(nodeIp)}";

    Task<IReadOnlyList<T>> GetListAsync<T>(string path, string property, Func<JsonElement, T> read, CancellationToken cancellationToken)
        => SendAsync<IReadOnlyList<T>>(path, async (response, token) =>
        {
            await EnsureSuccessAsync(response, token).ConfigureAwait(false);
            try
            {
                using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false));
                return [.. document.RootElement.GetProperty(property).EnumerateArray().Select(read)];
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new G5kException("WaltHttpInvalid", ErrorKind.ProtocolError,
                    $"The WalT server {_host} answered /{path} with something else than a list of {property}: {e.Message}",
                    _host, $"See what it answers: curl -i 'http://{_host}/{path}'", e);
            }
        }, cancellationToken);

    async Task<T> SendAsync<T>(string path, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using CancellationTokenSource expiry = new(s_timeout, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead,
                linked.Token).ConfigureAwait(false);
            return await read(response, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new G5kException("WaltHttpTimeout", ErrorKind.OperationTimeout,
                $"The WalT server {_host} did not answer GET /{path} in {s_timeout.TotalSeconds:0} s.", _host,
                $"ssh root@{_host} systemctl status walt-server-httpd");
        }
        catch (HttpRequestException e)
        {
            if (e.InnerException is G5kException refused) ExceptionDispatchInfo.Throw(refused);
            throw Lost(path, e);
        }
        catch (IOException e)
        {
            throw Lost(path, e);
        }
    }

    G5kException Lost(string path, Exception cause) =>
        new("WaltHttpFailed", ErrorKind.ConnectionError, $"GET /{path} from the WalT server {_host} failed: {cause.Message}", _host,
        $"ssh root@{_host} systemctl status walt-server-httpd", cause);

    async Task EnsureSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;
        string body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        throw new G5kException("WaltHttpFailed", ErrorKind.ProtocolError,
            $"The WalT server {_host} answered {(int)response.StatusCode} to GET {response.RequestMessage?.RequestUri?.PathAndQuery}: {WaltHttpReader.ReadError(body)}", _host,
            $"ssh root@{_host} journalctl -u walt-server-httpd -n 50");
    }

    public void Dispose() => _client.Dispose();
}
