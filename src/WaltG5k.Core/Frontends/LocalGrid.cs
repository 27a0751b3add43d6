using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// The real Grid'5000, seen from a front-end: this machine's commands for its own site, ssh for the others, the API without a login.
/// </summary>
public sealed partial class LocalGrid : IGrid
{
    static readonly Uri s_api = new("https://api.grid5000.fr/stable/");
    static readonly TimeSpan s_apiTimeout = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<string, IFrontend> _frontends = new(StringComparer.Ordinal);
    readonly bool _siteWasGiven;

    LocalGrid(string site, bool siteWasGiven, string home)
    {
        LocalSite = site;
        _siteWasGiven = siteWasGiven;
        HomeDirectory = home;
        Api = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            BaseAddress = s_api,
            Timeout = s_apiTimeout,
        };
    }

    public string Name => "grid5000";
    public string User => Environment.UserName;
    public string LocalSite { get; }
    public string HomeDirectory { get; }
    public TimeProvider Time => TimeProvider.System;
    public HttpClient Api { get; }

    public IReadOnlyList<string> ConnectArguments => _siteWasGiven ? ["-Local", "-Site", LocalSite] : ["-Local"];

    /// <summary>Opens it on this machine.</summary>
    /// <param name="site">The site of this front-end; null: as its host name tells.</param>
    /// <exception cref="G5kException"><c>NotOnFrontend</c>, <c>NoHomeDirectory</c>.</exception>
    public static async Task<LocalGrid> OpenAsync(string? site = null, CancellationToken cancellationToken = default)
    {
        string host = Dns.GetHostName();
        string? found = site ?? FindSite(host) ?? FindSite(await GetFullNameAsync(host, cancellationToken).ConfigureAwait(false));
        if (found is null)
        {
            throw new G5kException("NotOnFrontend", ErrorKind.ConnectionError, $"{host} is no front-end of Grid'5000.", host,
                "Try the embedded testbed: Connect-G5k -Testbed; or connect over ssh: Connect-G5k -Site nancy -UserName LOGIN -Gateway access.grid5000.fr; or, if it is one, name its site: Connect-G5k -Local -Site nancy");
        }
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length == 0 || !Directory.Exists(home))
        {
            throw new G5kException("NoHomeDirectory", ErrorKind.ObjectNotFound,
                $"The home directory '{home}' of {Environment.UserName} is not there.", home,
                "Set HOME to a folder that can be written.");
        }
        return new LocalGrid(found, site is not null, home);
    }

    /// <summary>
    /// The site that a host name tells: <c>fnancy.nancy.grid5000.fr</c> and <c>gros-1.nancy.grid5000.fr</c> are at nancy; so is <c>fnancy</c>, when
    /// it comes without a domain.
    /// </summary>
    public static string? FindSite(string hostName)
    {
        if (FullName().Match(hostName) is { Success: true } full) return full.Groups[1].Value.ToLowerInvariant();
        return ShortName().Match(hostName) is { Success: true } shortName ? shortName.Groups[1].Value : null;
    }

    /// <inheritdoc/>
    public IFrontend GetFrontend(string site) =>
        _frontends.GetOrAdd(site, s => s == LocalSite ? new LocalFrontend(s, Time) : new HopFrontend(s, Time));

    public ValueTask DisposeAsync()
    {
        Api.Dispose();
        return ValueTask.CompletedTask;
    }

    static async Task<string> GetFullNameAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return (await Dns.GetHostEntryAsync(host, cancellationToken).ConfigureAwait(false)).HostName;
        }
        catch (SocketException)
        {
            return host; // a machine whose own name does not resolve is none of Grid'5000's
        }
    }

    [GeneratedRegex(@"^[a-z0-9-]+\.([a-z]+)\.grid5000\.fr$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex FullName();

    [GeneratedRegex(@"^f(bordeaux|grenoble|lille|louvain|luxembourg|lyon|nancy|nantes|rennes|sophia|strasbourg|toulouse)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex ShortName();
}
