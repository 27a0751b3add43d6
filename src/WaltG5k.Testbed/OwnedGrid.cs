using System.Net;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Api;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Rest;
using WaltG5k.Testbed.Sharing;
using WaltG5k.Testbed.State;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed;

/// <summary>A testbed that is emulated here.</summary>
sealed class OwnedGrid : TestbedGrid
{
    readonly string? _folder;
    readonly IDisposable? _ownership;
    readonly VirtualClock _clock;
    readonly OarApiClients _oarApis;
    readonly CancellationTokenSource _closed = new();
    StateKeeper? _keeper;
    TestbedServer? _server;
    bool _disposed;

    OwnedGrid(TestbedOptions options, string? folder, IDisposable? ownership, DateTimeOffset start)
    {
        _folder = folder;
        _ownership = ownership;
        HomeDirectory = folder is null ? Directory.CreateTempSubdirectory("waltg5k-testbed-").FullName : StateFolder.HomeIn(folder);
        _clock = new VirtualClock(start, options.Speed, forClientsOnly: true);
        World = WorldBuilder.Build(options, _clock, HomeDirectory);
        Time = new ClockJumpingTime(_clock, World.Faults);
        var api = new ApiPart(World);
        var oarApi = new OarApiPart(World);
        World.Parts.AddRange(TestbedParts.Create(World, api, oarApi));
        OarApiRoot = oarApi.Root;
        _oarApis = new OarApiClients(OarApiRoot, World.User, () => new ClockHoldingHandler(_clock, OarApiPart.TakesTime));
        Api = new HttpClient(new ClockHoldingHandler(_clock, ApiPart.TakesTime)) { BaseAddress = api.BaseAddress };
    }

    /// <summary>Opens a testbed that is not kept.</summary>
    public static Task<OwnedGrid> StartAsync(TestbedOptions options) => StartAsync(options, null, null, null);

    /// <summary>Opens the testbed of a folder that is <paramref name="ownership"/> of this grid from now on.</summary>
    public static async Task<OwnedGrid> StartAsync(TestbedOptions options, string folder, IDisposable ownership)
    {
        try
        {
            SavedState? saved = options.Fresh ? null : SavedState.Read(folder);
            return await StartAsync(options, folder, ownership, saved).ConfigureAwait(false);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    static async Task<OwnedGrid> StartAsync(TestbedOptions options, string? folder, IDisposable? ownership, SavedState? saved)
    {
        // What was saved speaks of nodes that have to be there.
        if (saved is not null) options = options with { NodeCount = Math.Max(options.NodeCount, saved.NodeCount) };
        var grid = new OwnedGrid(options, folder, ownership, saved?.Clock ?? options.Start);
        try
        {
            saved?.LoadInto(grid.World, folder!);
            foreach (ITestbedPart part in grid.World.Parts) part.Start();
            if (folder is not null)
            {
                grid._server = new TestbedServer(grid, grid._clock, StateFolder.GetSocketPath(folder));
                grid._keeper = new StateKeeper(grid.World, folder, options.NodeCount);
            }
            return grid;
        }
        catch
        {
            await grid.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override TestbedWorld World { get; }
    public override bool IsJoined => false;
    public override string User => World.User;
    public override string HomeDirectory { get; }
    public override TimeProvider Time { get; }
    public override HttpClient Api { get; }
    /// <summary>The root below which each site has OAR's own interface.</summary>
    public Uri OarApiRoot { get; }
    public override HttpClient? GetOarApi(string site) => World.Sites.ContainsKey(site) ? _oarApis.Get(site) : null;
    public override IReadOnlyList<string> ConnectArguments => _folder is null ? ["-Testbed"] : ["-Testbed", "-StatePath", _folder];

    public override IFrontend GetFrontend(string site) => CreateFrontend(site);

    /// <summary>Where a port of an emulated host really is, as a site's front-end sees it.</summary>
    public IPEndPoint Resolve(string site, string host, int port) => CreateFrontend(site).Resolve(host, port);

    public override async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _closed.CancelAsync().ConfigureAwait(false);
        try
        {
            if (_server is not null) await _server.DisposeAsync().ConfigureAwait(false);
            if (_keeper is not null) await _keeper.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            Api.Dispose();
            _oarApis.Dispose();
            foreach (ITestbedPart part in Enumerable.Reverse(World.Parts)) await part.DisposeAsync().ConfigureAwait(false);
            _clock.Dispose();
            if (_folder is null) DeleteHome();
            _ownership?.Dispose();
        }
    }

    TestbedFrontend CreateFrontend(string site) => new(World, site, _clock.ForClients, _folder, _closed.Token);

    void DeleteHome()
    {
        try
        {
            Directory.Delete(HomeDirectory, recursive: true);
        }
        catch (IOException)
        {
            // A program that has just been interrupted still wrote into it: the system cleans its temporary folder.
        }
    }
}
