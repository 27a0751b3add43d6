using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace WaltG5k.Testbed.Walt.Http;

/// <summary>A connection to the server's port 80: requests without body, one after the other.</summary>
internal sealed class WaltHttp(WaltHost host, Socket socket)
{
    const int HeaderLimit = 100;
    const string BootPath = "/boot/";

    public async Task RunAsync(CancellationToken stopped)
    {
        using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream, Encoding.Latin1);
        string? peerIp = NodeAddresses.GetNodeIp(socket);
        while (await ReadRequestAsync(reader, stopped).ConfigureAwait(false) is HttpQuery request)
        {
            long started = host.World.Time.GetTimestamp();
            HttpAnswer answer = WaltHttpApi.Answer(host, request, peerIp);
            string head = string.Create(CultureInfo.InvariantCulture,
                $"HTTP/1.1 {answer.Status} {answer.Reason}\r\nServer: walt-httpd\r\nContent-Type: {answer.ContentType}\r\nContent-Length: {answer.Body.Length}\r\n")
                + (request.KeepsAlive ? "\r\n" : "Connection: close\r\n\r\n");
            byte[] headBytes = Encoding.Latin1.GetBytes(head);
            await stream.WriteAsync(request.Method == "HEAD" ? headBytes : [.. headBytes, .. answer.Body], stopped).ConfigureAwait(false);
            if (answer.Status == 200 && peerIp is not null && request.Path.StartsWith(BootPath, StringComparison.Ordinal))
                host.Machines?.NotifyServed(peerIp, request.Path[BootPath.Length..], answer.Body.Length, host.World.Time.GetElapsedTime(started));
            if (!request.KeepsAlive) return;
        }
    }

    static async Task<HttpQuery?> ReadRequestAsync(StreamReader reader, CancellationToken stopped)
    {
        string[]? start = (await reader.ReadLineAsync(stopped).ConfigureAwait(false))?.Split(' ');
        if (start is not [string method, string target, string version]) return null;
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(stopped).ConfigureAwait(false) is { Length: > 0 } line)
        {
            string[] parts = line.Split(':', 2);
            if (parts.Length == 2 && headers.Count < HeaderLimit) headers[parts[0]] = parts[1].Trim();
        }
        return HttpQuery.Parse(method, target, version, headers);
    }
}
