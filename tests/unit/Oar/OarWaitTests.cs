using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public sealed class OarWaitTests : IDisposable
{
    const string Poll = "oarstat -J -f -j 7";
    readonly ScriptedFrontend _frontend = new();
    readonly ManualTime _time = new();
    readonly List<OarJob> _changes = [];

    public void Dispose() => _frontend.Dispose();

    Task<OarJob> WaitAsync(double minutes = 10) =>
        _time.RunAsync(() => new OarClient(_frontend, _time).WaitRunningAsync(7, TimeSpan.FromMinutes(minutes), _changes.Add));

    void Answer(string state, string more = "") => _frontend.Expect(Poll).Returns($"{{\"7\":{{\"Job_Id\":7,\"state\":\"{state}\"{more}}}}}");

    [Fact]
    public async Task Each_change_is_reported_once_until_the_job_runs()
    {
        Answer("Waiting");
        Answer("Waiting");
        Answer("Waiting", ",\"scheduledStart\":1795158238");
        Answer("toLaunch");
        Answer("Running", ",\"assigned_network_address\":[\"a-1.nancy.grid5000.fr\"]");
        OarJob job = await WaitAsync();
        Assert.Equal(["a-1.nancy.grid5000.fr"], job.Nodes);
        Assert.Equal([OarJobState.Waiting, OarJobState.Waiting, OarJobState.ToLaunch, OarJobState.Running], _changes.Select(j => j.State));
    }

    [Fact]
    public async Task It_polls_every_2_s_at_first_then_ever_more_rarely_up_to_15_s()
    {
        for (int i = 0; i < 60; i++) Answer("Waiting");
        Answer("Running");
        await WaitAsync(60);
        // 20 polls in 40 s, then pauses of 2.6, 3.4, 4.4, 5.7, 7.4, 9.7, 12.5 s, then 33 of 15 s.
        Assert.InRange(_time.Elapsed, TimeSpan.FromSeconds(575), TimeSpan.FromSeconds(585));
    }

    [Fact]
    public async Task Near_the_predicted_start_it_polls_every_2_s_again()
    {
        long start = _time.GetUtcNow().ToUnixTimeSeconds() + 600;
        _frontend.Expect(Poll).Returns($"{{\"7\":{{\"Job_Id\":7,\"state\":\"Waiting\",\"scheduledStart\":{start}}}}}").Always();
        await Assert.ThrowsAsync<G5kException>(() => WaitAsync(11));
        // 20 + 7 pauses that grow + 32 of 15 s up to a minute before, then 60 more in the two minutes around the date.
        Assert.InRange(_frontend.Requests.Count, 110, 125);
    }

    [Fact]
    public async Task An_ended_job_is_an_error_that_says_why()
    {
        Answer("Error", ",\"events\":[{\"type\":\"FRAG_JOB_REQUEST\",\"date\":5,\"description\":\"User oar requested to frag the job 7\"}]");
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => WaitAsync());
        Assert.Equal(("JobEnded", ErrorKind.OperationStopped), (e.Code, e.Kind));
        Assert.Contains("was deleted (User oar requested to frag the job 7)", e.Message, StringComparison.Ordinal);
        Assert.Equal(OarJobEnd.Deleted, e.Data["End"]);
    }

    [Fact]
    public async Task A_refused_reservation_ends_with_its_message()
    {
        Answer("Error", ",\"reservation\":\"Scheduled\",\"events\":[],\"message\":\"Reservation too old\"");
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => WaitAsync());
        Assert.Contains("was refused (Reservation too old)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_job_that_is_being_deleted_has_ended()
    {
        Answer("Running", ",\"events\":[{\"type\":\"FRAG_JOB_REQUEST\",\"date\":5,\"description\":\"User jdoe requested to frag the job 7\"}]");
        Assert.Equal("JobEnded", (await Assert.ThrowsAsync<G5kException>(() => WaitAsync())).Code);
    }

    [Fact]
    public async Task The_time_is_limited_to_the_second()
    {
        _frontend.Expect(Poll).Returns("{\"7\":{\"Job_Id\":7,\"state\":\"Hold\",\"message\":\"m\"}}").Always();
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => WaitAsync(0.55));
        Assert.Equal(("JobWaitTimeout", ErrorKind.OperationTimeout), (e.Code, e.Kind));
        Assert.Contains("it is Hold, m", e.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(33), _time.Elapsed);
    }

    [Fact]
    public async Task A_restart_of_the_database_is_outlived()
    {
        for (int i = 0; i < 4; i++) _frontend.Expect(Poll).ReturnsRecorded("oar/database-down-oarstat.txt");
        Answer("Waiting");
        _frontend.Expect(Poll).Throws(new G5kException("FrontendUnreachable", ErrorKind.ConnectionError, "lost"));
        Answer("Running");
        Assert.Equal(OarJobState.Running, (await WaitAsync()).State);
    }

    [Fact]
    public async Task A_database_that_stays_away_is_an_error()
    {
        _frontend.Expect(Poll).ReturnsRecorded("oar/database-down-oarstat.txt").Always();
        Assert.Equal("OarUnavailable", (await Assert.ThrowsAnyAsync<G5kException>(() => WaitAsync())).Code);
        Assert.Equal(5, _frontend.Requests.Count);
    }

    [Fact]
    public async Task A_job_that_stays_unknown_is_an_error()
    {
        _frontend.Expect(Poll).Returns("").Always();
        Assert.Equal("JobNotFound", (await Assert.ThrowsAnyAsync<G5kException>(() => WaitAsync())).Code);
    }
}
