using System.Collections.Concurrent;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Reservations;

/// <summary>What the tests of reservations share: a grid, its reservations, what they report, and a look at what is left.</summary>
sealed class ReservationLab(IGrid grid) : IReporter, IAsyncDisposable
{
    readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));

    public IGrid Grid => grid;
    public ReservationService Service => new(grid, this);
    public ConcurrentQueue<string> Warnings { get; } = new();
    public CancellationToken Limit => _limit.Token;

    public static ReservationRequest Request(int arles, int brest, string name) => new()
    {
        NodeCounts = new Dictionary<string, int> { [OarLab.Arles] = arles, [OarLab.Brest] = brest }.Where(p => p.Value > 0).ToDictionary(),
        Walltime = new Walltime(TimeSpan.FromMinutes(20)),
        Name = name,
    };

    /// <summary>The same clock as OAR's, in whole seconds.</summary>
    public static DateTimeOffset In(TimeSpan time) =>
        DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + (long)time.TotalSeconds);

    public async Task<Reservation> ReserveAsync(ReservationRequest request, CancellationToken? cancellationToken = null) =>
        await Service.SubmitAsync(await Service.PlanAsync(request, Limit), cancellationToken ?? Limit);

    /// <summary>The living jobs of that name, as <c>site:id</c>.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string name)
    {
        var found = new List<string>();
        foreach (LabSite site in LabSites.All)
            foreach (OarJob job in await OarClient.For(grid, site.Name).FindJobsAsync(grid.User, name, Limit))
                if (!job.Events.Any(e => e.Type == "FRAG_JOB_REQUEST")) found.Add($"{site.Name}:{job.Id}");
        return found;
    }

    public async Task ReleaseAsync(Reservation reservation) => Assert.Equal("Ended", (await Service.ReleaseAsync(reservation, Limit)).State);

    void IReporter.Verbose(string message) { }
    void IReporter.Warning(string message) => Warnings.Enqueue(message);
    void IReporter.Progress(ProgressUpdate update) { }

    public async ValueTask DisposeAsync()
    {
        await grid.DisposeAsync();
        _limit.Dispose();
    }
}
