using System.Collections.Concurrent;

namespace WaltG5k.Testbed;

/// <summary>One client per site for OAR's own interface, as a site's front would present the user to it.</summary>
sealed class OarApiClients(Uri root, string user, Func<HttpMessageHandler> createHandler) : IDisposable
{
    readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    public HttpClient Get(string site) => _clients.GetOrAdd(site, Create);

    public void Dispose()
    {
        foreach (HttpClient client in _clients.Values) client.Dispose();
    }

    HttpClient Create(string site)
    {
        var client = new HttpClient(createHandler()) { BaseAddress = new Uri(root, $"{Uri.EscapeDataString(site)}/oarapi/") };
        client.DefaultRequestHeaders.Add("X-Remote-Ident", user);
        return client;
    }
}
