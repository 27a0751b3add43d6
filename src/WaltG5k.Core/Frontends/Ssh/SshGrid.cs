using System.Collections.Concurrent;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// The real Grid'5000 from outside: each site's front-end over ssh, the reference API through one of them, where no login for it is needed.
/// </summary>
public sealed class SshGrid : IGrid
{
    readonly SshGridOptions _options;
    readonly ControlFolder _folder = ControlFolder.Open();
    readonly ConcurrentDictionary<string, Lazy<SshFrontend>> _frontends = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, HttpClient> _oarApis = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<string> _connected = new();
    /// <summary>The configuration knows the sites as <c>nancy.g5k</c>, as Grid'5000's manual proposes.</summary>
    readonly bool _hasAliases;

    SshGrid(SshGridOptions options, string user, bool hasAliases, string home, TimeProvider time)
    {
        _options = options;
        _hasAliases = hasAliases;
        User = user;
        HomeDirectory = home;
        Time = time;
        Api = SshGridApi.Create(this, options.Api, options.ApiCredential);
    }

    public string Name => "grid5000";
    public string User { get; }
    public string? LocalSite => null;
    public IReadOnlyList<string> OwnSites => [.. _options.Sites.Concat(_options.Destinations.Keys).Distinct(StringComparer.Ordinal)];
    public string HomeDirectory { get; }
    public TimeProvider Time { get; }
    public HttpClient Api { get; }

    /// <summary>The login with which the API is asked directly; null: it is reached through a front-end.</summary>
    public string? ApiUser => _options.ApiCredential?.UserName;

    /// <summary>The sites that were named.</summary>
    public IReadOnlyList<string> Sites => _options.Sites;

    public IReadOnlyList<string> ConnectArguments
    {
        get
        {
            List<string> words = ["-Site", string.Join(',', _options.Sites)];
            Add("-UserName", _options.UserName);
            Add("-Gateway", _options.Gateway);
            Add("-SshConfig", _options.SshConfig);
            Add("-Destination", Join(_options.Destinations));
            // The login of the API is never written down: another process goes through the front-end, which needs none.
            Add("-ApiUri", _options.ApiCredential is null ? _options.Api?.ToString() : null);
            Add("-OarApi", Join(_options.OarApis));
            return words;

            void Add(string name, string? value)
            {
                if (value is { Length: > 0 }) words.AddRange([name, value]);
            }

            static string Join<T>(IReadOnlyDictionary<string, T> map) =>
                string.Join(',', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));
        }
    }

    /// <summary>The sites through which the API may be reached, the best first.</summary>
    internal IReadOnlyList<string> Ways => [.. _connected.Concat(_options.Sites).Concat(_options.Destinations.Keys).Distinct()];

    /// <summary>Reads the ssh configuration. It logs in nowhere: see <see cref="ConnectAsync"/>.</summary>
    /// <param name="time">For time limits; the system's by default.</param>
    /// <exception cref="G5kException"><c>SshNotInstalled</c>, <c>SshConfigNotFound</c>, <c>SshConfigNotValid</c>, <c>DestinationNotValid</c>,
    /// <c>SiteNameNotValid</c>, <c>CredentialNotValid</c>, <c>AddressNotSecure</c>,
    /// <c>ControlFolderUnusable</c>, <c>NoHomeDirectory</c>, <c>PlatformNotSupported</c>.</exception>
    public static async Task<SshGrid> OpenAsync(SshGridOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        SshGridErrors.Check(options);
        time ??= TimeProvider.System;
        string home = options.HomeDirectory ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length == 0 || !Directory.Exists(home)) throw SshGridErrors.NoHome(home);
        string site = options.Sites.Concat(options.Destinations.Keys).FirstOrDefault("nancy");
        bool hasAliases = options.Gateway is null && !options.Destinations.ContainsKey(site)
            && (await SshConfiguration.ReadAsync(GetTarget(options, site, hasAliases: true), time, cancellationToken).ConfigureAwait(false))
            .IsConfigured($"{site}.g5k");
        SshTarget target = GetTarget(options, site, hasAliases);
        string user = (await SshConfiguration.ReadAsync(target, time, cancellationToken).ConfigureAwait(false)).User ?? Environment.UserName;
        return new SshGrid(options, user, hasAliases, home, time);
    }

    /// <summary>Logs in at a site.</summary>
    /// <exception cref="FrontendUnreachableException">With the reason that ssh gave.</exception>
    public async Task ConnectAsync(string site, CancellationToken cancellationToken = default)
    {
        await GetSshFrontend(site).OpenAsync(cancellationToken).ConfigureAwait(false);
        if (!_connected.Contains(site)) _connected.Enqueue(site);
    }

    /// <inheritdoc/>
    public IFrontend GetFrontend(string site) => GetSshFrontend(site);

    /// <inheritdoc/>
    public HttpClient? GetOarApi(string site) =>
        _options.OarApis.TryGetValue(site, out Uri? address) ? _oarApis.GetOrAdd(site, _ => SshGridApi.CreateOar(address, User)) : null;

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        foreach (HttpClient client in _oarApis.Values) client.Dispose();
        await Task.WhenAll(_frontends.Values.Where(f => f.IsValueCreated).Select(f => f.Value.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    SshFrontend GetSshFrontend(string site) =>
        _frontends.GetOrAdd(site, s => new Lazy<SshFrontend>(() =>
            new SshFrontend(s, GetTarget(_options, SshGridErrors.CheckSite(s), _hasAliases), _folder, Time))).Value;

    static SshTarget GetTarget(SshGridOptions options, string site, bool hasAliases)
    {
        SshTarget target = SshTarget.Parse(options.Destinations.TryGetValue(site, out string? given) ? given : hasAliases ? $"{site}.g5k" : site);
        return target with { User = target.User ?? options.UserName, Gateway = options.Gateway, Config = options.SshConfig };
    }
}
