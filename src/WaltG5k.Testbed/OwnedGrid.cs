using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed.Api;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed;

/// <summary>A testbed that is emulated here.</summary>
sealed class OwnedGrid : TestbedGrid
{
    readonly TestbedOptions _options;
    readonly VirtualClock _clock;
    readonly CancellationTokenSource _closed = new();
    readonly ApiPart _api;
    bool _disposed;

    OwnedGrid(TestbedOptions options)
    {
        _options = options;
        HomeDirectory = options.StatePath is null
            ? Directory.CreateTempSubdirectory("waltg5k-testbed-").FullName
            : Directory.CreateDirectory(Path.Combine(options.StatePath, "home")).FullName;
        _clock = new VirtualClock(options.Start, options.Speed);
        World = WorldBuilder.Build(options, _clock, HomeDirectory);
        Time = new ClockJumpingTime(_clock, World.Faults);
        _api = new ApiPart(World);
        World.Parts.AddRange(TestbedParts.Create(World, _api));
        foreach (ITestbedPart part in World.Parts) part.Start();
        Api = new HttpClient(new ClockHoldingHandler(_clock)) { BaseAddress = _api.BaseAddress };
    }

    public static Task<TestbedGrid> StartAsync(TestbedOptions options)
    {
        if (!double.IsFinite(options.Speed) || options.Speed < 0)
            throw new G5kException("InvalidSpeed", ErrorKind.InvalidArgument, $"A testbed cannot run at speed {options.Speed}.", options.Speed,
                "Give the number of virtual seconds per real second, or 0 to skip every wait.");
        return Task.FromResult<TestbedGrid>(new OwnedGrid(options));
    }

    public override TestbedWorld World { get; }
    public override bool IsJoined => false;
    public override string User => World.User;
    public override string HomeDirectory { get; }
    public override TimeProvider Time { get; }
    public override HttpClient Api { get; }
    public override IReadOnlyList<string> ConnectArguments =>
        _options.StatePath is null ? ["-Testbed"] : ["-Testbed", "-StatePath", Path.GetFullPath(_options.StatePath)];

    public override IFrontend GetFrontend(string site) => new TestbedFrontend(World, site, _closed.Token);

    public override async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _closed.CancelAsync().ConfigureAwait(false);
        Api.Dispose();
        foreach (ITestbedPart part in Enumerable.Reverse(World.Parts)) await part.DisposeAsync().ConfigureAwait(false);
        _clock.Dispose();
        _closed.Dispose();
        if (_options.StatePath is null) Directory.Delete(HomeDirectory, recursive: true);
    }
}
