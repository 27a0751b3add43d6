using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace WaltG5k.Core.Frontends;

/// <summary>The HTTP clients of a grid that is reached over ssh.</summary>
static class SshGridApi
{
    static readonly Uri s_api = new("https://api.grid5000.fr/stable/");
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60), s_connect = TimeSpan.FromSeconds(30), s_lifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The API at an address that can be reached from here; null: Grid'5000's own, which from outside wants a login. Without one it is reached over
    /// channels, where it asks for none.
    /// </summary>
    public static HttpClient Create(SshGrid grid, Uri? address, NetworkCredential? credential)
    {
        if (credential is not null) return CreateWithLogin(address ?? s_api, credential);
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = s_lifetime, ConnectTimeout = s_connect };
        if (address is null)
        {
            handler.UseProxy = false;
            handler.MaxConnectionsPerServer = 4; // each is a process
            handler.ConnectCallback = async (context, cancellationToken) =>
                await ConnectAsync(grid, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
        }
        return new HttpClient(handler) { BaseAddress = WithSlash(address ?? s_api), Timeout = s_timeout };
    }

    /// <summary>The API with basic authentication. The header goes to this address only: it is taken off before a redirection is followed.</summary>
    internal static HttpClient CreateWithLogin(Uri address, NetworkCredential credential)
    {
        byte[] login = Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}");
        var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = s_lifetime, ConnectTimeout = s_connect })
            { BaseAddress = WithSlash(address), Timeout = s_timeout };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(login));
        return client;
    }

    /// <summary>OAR's interface at a site, which believes who we say we are.</summary>
    public static HttpClient CreateOar(Uri address, string user)
    {
        var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = s_lifetime, ConnectTimeout = s_connect })
            { BaseAddress = WithSlash(address), Timeout = s_timeout };
        client.DefaultRequestHeaders.Add("X-Remote-Ident", user);
        return client;
    }

    static async Task<Stream> ConnectAsync(SshGrid grid, string host, int port, CancellationToken cancellationToken)
    {
        G5kException? failure = null;
        foreach (string site in grid.Ways)
        {
            try
            {
                return await grid.GetFrontend(site).ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            }
            catch (G5kException e)
            {
                failure ??= e;
            }
        }
        throw failure ?? new G5kException("ApiUnreachable", ErrorKind.ConnectionError,
            $"No site is connected through which {host} could be reached.", host, "Connect-G5k -Site nancy");
    }

    static Uri WithSlash(Uri address) => address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
