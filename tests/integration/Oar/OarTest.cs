using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Oar;

/// <summary>OAR of one site for one test: jobs made through it are deleted at the end.</summary>
sealed class OarTest(IGrid grid, string site) : IAsyncDisposable
{
    readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));
    readonly List<long> _jobs = [];

    public static TimeSpan Soon => TimeSpan.FromSeconds(90);

    public IGrid Grid => grid;
    public IFrontend Frontend => grid.GetFrontend(site);
    public OarClient Oar => OarClient.For(grid, site);
    public CancellationToken Limit => _limit.Token;

    public static OarJobRequest Job(string name, string resources = "nodes=1", string? command = "sleep 600", string walltime = "0:20") => new()
    {
        Resources = resources,
        Walltime = Walltime.Parse(walltime),
        Name = name,
        Command = command,
    };

    public async Task<OarSubmission> SubmitAsync(OarJobRequest request)
    {
        OarSubmission made = await Oar.SubmitAsync(request, _jobs.Add, Limit);
        return made;
    }

    public async Task<OarJob> StartAsync(OarJobRequest request) => await RunningAsync((await SubmitAsync(request)).JobId);

    public Task<OarJob> RunningAsync(long id) => Oar.WaitAsync(id, OarJobGoal.Running, Soon, null, Limit);

    public Task<OarJob> EndedAsync(long id) => Oar.WaitAsync(id, OarJobGoal.Ended, Soon, null, Limit);

    public async Task<OarJob> GetAsync(long id) => await Oar.GetJobAsync(id, Limit) ?? throw new InvalidOperationException($"no job {id}");

    public static async Task<string> CodeAsync(Func<Task> act) => (await Assert.ThrowsAnyAsync<G5kException>(act)) switch
    {
        { Recommendation: null or "" } e => throw new InvalidOperationException($"{e.Code} has no recommendation: {e.Message}"),
        var e => e.Code,
    };

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (long id in _jobs) await Oar.DeleteAsync(id, limit.Token);
        await grid.DisposeAsync();
        _limit.Dispose();
    }
}
