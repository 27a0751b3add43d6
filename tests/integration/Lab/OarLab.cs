using System.Globalization;
using WaltG5k.Core.Frontends;
using WaltG5k.IntegrationTests.Oar;
using WaltG5k.IntegrationTests.Reservations;

namespace WaltG5k.IntegrationTests.Lab;

/// <summary>
/// Two sites of the real OAR, arles and brest, for all tests of the collection: made before the first, destroyed after the last. Tests share it, and
/// leave no job behind.
/// </summary>
public sealed class OarLab : IAsyncLifetime, IAsyncDisposable
{
    public const string Arles = "arles", Brest = "brest";
    /// <summary>May make as many reservations as she likes.</summary>
    public const string Alice = "labalice";
    /// <summary>May have two waiting reservations.</summary>
    public const string Bob = "labbob";

    const int PortsOfSites = 10;
    readonly string _folder = LabLeftovers.NewFolder();
    int _base;
    LabApi? _api;

    public string SshConfig => Path.Combine(_folder, "ssh_config");
    public Uri Api => _api!.Uri;

    public Uri GetOarApi(string site) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_base + 8 + IndexOf(site)}/oarapi/"));

    public async Task InitializeAsync()
    {
        if (LabPresence.WhyNot is not null) return;
        await LabLeftovers.RemoveAsync();
        _base = Ports.FindFree(PortsOfSites + 1);
        _api = new LabApi(_base + PortsOfSites);
        await LabScript.RunAsync("up", _folder, string.Create(CultureInfo.InvariantCulture, $"{_base}"));
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
        if (Directory.Exists(_folder)) await LabScript.RunAsync("down", _folder);
    }

    /// <summary>A grid of its own over ssh, with a home folder of its own.</summary>
    /// <param name="rest">Whether reading may go by OAR's REST interface.</param>
    internal async Task<IGrid> OpenAsync(string user = Alice, bool rest = true) => await SshGrid.OpenAsync(new SshGridOptions
    {
        Sites = [Arles, Brest],
        UserName = user,
        SshConfig = SshConfig,
        Api = Api,
        OarApis = rest ? LabSites.All.ToDictionary(s => s.Name, s => GetOarApi(s.Name)) : [],
        HomeDirectory = NewHome(),
    });

    internal async Task<OarTest> OpenOarAsync(string user = Alice, string site = Arles, bool rest = true) => new(await OpenAsync(user, rest), site);

    internal async Task<ReservationLab> OpenReservationsAsync(string user = Alice) => new(await OpenAsync(user));

    public string NewHome() => Directory.CreateDirectory(Path.Combine(_folder, "homes", Guid.NewGuid().ToString("n"))).FullName;

    /// <summary>Runs a command on a site's front-end without ssh, as root if need be: the administrator's hand.</summary>
    public Task<string> AsAsync(string site, string user, params string[] command) => LabScript.RunAsync(["as", _folder, site, user, .. command]);

    /// <summary>Ends Almighty, OAR's server, of a site.</summary>
    public Task StopServerAsync(string site) => LabScript.RunAsync("stop", _folder, site, "almighty");

    /// <summary>Sends a signal to the server's processes: STOP makes it stuck, CONT frees it.</summary>
    public Task SignalServerAsync(string site, string signal) => LabScript.RunAsync("signal", _folder, site, signal);

    public Task StopDatabaseAsync() => LabScript.RunAsync("database", _folder, "stop");

    /// <summary>Starts whatever does not run.</summary>
    public Task StartAsync() => LabScript.RunAsync("start", _folder);

    /// <summary>The schedulers run every second until this is disposed of.</summary>
    internal SchedulerTicker Tick() => new([.. Enumerable.Range(0, LabSites.All.Count).Select(i => _base + 2 + i)]);

    /// <summary>Makes a site's scheduler run once.</summary>
    public Task OrderSchedulingAsync(string site) => SchedulerTicker.OrderAsync(_base + 2 + IndexOf(site));

    static int IndexOf(string site) => LabSites.All.Single(s => s.Name == site).Number - 1;
}

[CollectionDefinition(Name)]
public sealed class LabCollection : ICollectionFixture<OarLab>
{
    public const string Name = "Laboratory";
}
