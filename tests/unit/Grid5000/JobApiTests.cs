using System.Net;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Grid5000;

/// <summary>Jobs through the API, against recorded exchanges.</summary>
public sealed class JobApiTests : IDisposable
{
    const string Path = "sites/nancy/jobs";
    readonly ManualTime _time = new();
    readonly ScriptedApi _api;
    readonly JobApi _jobs;

    public JobApiTests()
    {
        _api = new ScriptedApi(_time);
        _jobs = new JobApi(_api, "nancy");
    }

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Submits_with_a_VLAN_and_a_subnet()
    {
        RecordedHttp recorded = RecordedHttp.Read("g5k-api/job-post-vlan-and-subnet.http");
        _api.Plays("g5k-api/job-post-vlan-and-subnet.http");
        OarJob job = await _jobs.SubmitAsync(new OarJobRequest
        {
            Resources = "{cluster='gros'}/nodes=2+{type='kavlan-local'}/vlan=1+slash_22=1,walltime=02:00", Command = "sleep infinity",
                Types = ["deploy"], Name = "waltg5k2",
        });
        Assert.Equal((5200004L, OarJobState.Waiting, TimeSpan.FromHours(2)), (job.Id, job.State, job.Walltime));
        Assert.Equal($"POST {Path} {recorded.RequestBody}", Assert.Single(_api.Requests));
    }

    [Fact]
    public async Task What_waits_has_no_nodes_yet_whatever_the_API_predicts()
    {
        _api.Plays("g5k-api/job-post-vlan-and-subnet.http");
        OarJob job = await _jobs.SubmitAsync(new OarJobRequest { Resources = "nodes=2", Walltime = Walltime.Parse("2"), Command = "true" });
        Assert.Empty(job.Nodes);
        Assert.Empty(job.Vlans!);
        Assert.Null(job.StartedAt);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795160513), job.PredictedStart);
        Assert.Contains("""{"resources":"nodes=2,walltime=02:00:00","command":"true"}""", _api.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_job_has_its_nodes_and_VLANs()
    {
        _api.Plays("g5k-api/job-running.http");
        OarJob job = (await _jobs.GetAsync(5200004))!;
        Assert.Equal((OarJobState.Running, "jdoe", "waltg5k2", "nancy"), (job.State, job.Owner, job.Name, job.Site));
        Assert.Equal(["gros-2.nancy.grid5000.fr", "gros-3.nancy.grid5000.fr"], job.Nodes);
        Assert.Equal([1], job.Vlans!);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795160516), job.StartedAt);
        Assert.Equal(job.StartedAt + TimeSpan.FromHours(2), job.EndsAt);
    }

    [Fact]
    public async Task A_deleted_job_is_in_error_and_its_events_tell_why()
    {
        _api.Plays("g5k-api/job-delete.http").Plays("g5k-api/job-after-delete.http");
        Assert.True(await _jobs.DeleteAsync(5200002));
        OarJob job = (await _jobs.GetAsync(5200002))!;
        Assert.Equal((OarJobState.Error, OarJobEnd.Deleted), (job.State, job.End));
        Assert.Equal(["FRAG_JOB_REQUEST", "SWITCH_INTO_ERROR_STATE"], job.Events.Select(e => e.Type));
    }

    [Fact]
    public async Task Lists_page_by_page()
    {
        string page = System.Text.Encoding.UTF8.GetString(RecordedHttp.Read("g5k-api/jobs-filtered-page.http").Body);
        _api.Returns(Path, page.Replace("5200002", "5200003", StringComparison.Ordinal)).Returns(Path, page)
            .Returns(Path, page.Replace("5200002", "5200001", StringComparison.Ordinal));
        List<OarJob> jobs = await _jobs.ListAsync(new JobQuery { States = [OarJobState.Waiting, OarJobState.Running], User = "jdoe" }).ToListAsync();
        Assert.Equal([5200003, 5200002, 5200001], jobs.Select(j => j.Id));
        Assert.Equal([.. Enumerable.Range(0, 3).Select(i => $"GET {Path}?user=jdoe&state=waiting%2Crunning&offset={i}&limit=500")], _api.Requests);
        Assert.All(jobs, j => Assert.Null(j.Vlans)); // lists do not tell
    }

    [Fact]
    public async Task A_state_that_the_filter_of_the_API_never_matches_is_looked_for_here()
    {
        _api.Returns(Path, """{"total":2,"offset":0,"items":[{"uid":2,"state":"tolaunch"},{"uid":1,"state":"running"}]}""");
        OarJob job = Assert.Single(await _jobs.ListAsync(new JobQuery { States = [OarJobState.ToLaunch] }).ToListAsync());
        Assert.Equal(2, job.Id);
        Assert.DoesNotContain("state=", _api.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_that_moves_to_the_next_page_comes_once()
    {
        _api.Returns(Path, """{"total":3,"offset":0,"items":[{"uid":3},{"uid":2}]}""")
            .Returns(Path, """{"total":4,"offset":2,"items":[{"uid":2},{"uid":1}]}""");
        Assert.Equal([3, 2, 1], (await _jobs.ListAsync().ToListAsync()).Select(j => j.Id));
    }

    [Theory]
    [InlineData("job-error-no-command", "The job you are trying to submit is not valid: you must give a :command to execute on launch",
        ErrorKind.InvalidArgument)]
    [InlineData("job-error-not-owner", "You are not authorized to access this resource", ErrorKind.PermissionDenied)]
    public async Task Refusals_in_plain_text(string sample, string words, ErrorKind kind)
    {
        _api.Plays($"g5k-api/{sample}.http");
        ApiRefusedException e = await Assert.ThrowsAsync<ApiRefusedException>(() => kind == ErrorKind.PermissionDenied
            ? _jobs.DeleteAsync(5200002) : _jobs.SubmitAsync(new OarJobRequest { Resources = "nodes=1" }));
        Assert.Equal((words, kind), (e.Text, e.Kind));
    }

    [Fact]
    public async Task An_unknown_job_is_none()
    {
        _api.Plays("g5k-api/job-error-unknown.http")
            .Returns($"DELETE {Path}/1", "Couldn't find OAR::Job with 'job_id'=\"1\"", HttpStatusCode.NotFound);
        Assert.Null(await _jobs.GetAsync(1));
        Assert.False(await _jobs.DeleteAsync(1));
    }

    [Fact]
    public async Task Plain_text_under_a_header_of_JSON_is_taken_as_text()
    {
        _api.Plays("g5k-api/walltime-post.http");
        Assert.Equal("Walltime change request updated for job 5200002, it will be handled shortly",
            await _jobs.ChangeWalltimeAsync(5200002, new OarWalltimeWish { Change = "+00:30" }));
        Assert.Equal("""POST sites/nancy/jobs/5200002/walltime {"walltime":"+00:30"}""",
            _api.Requests[0].Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_state_of_a_walltime()
    {
        _api.Returns($"{Path}/7/walltime", """{"walltime":"2:30:0","possible":"UNLIMITED","pending":"0:0:0","granted":"+0:30:0","uid":7}""");
        OarWalltimeStatus status = (await _jobs.GetWalltimeAsync(7))!;
        Assert.Equal((TimeSpan.FromHours(2.5), TimeSpan.MaxValue, TimeSpan.FromMinutes(30), TimeSpan.Zero),
            (status.Walltime, status.PossibleIncrease, status.Granted, status.Pending));
    }

    [Fact]
    public async Task A_submission_is_never_repeated()
    {
        _api.Returns($"POST {Path}", "bad gateway", HttpStatusCode.BadGateway);
        G5kException e = await Assert.ThrowsAsync<G5kException>(() =>
            _jobs.SubmitAsync(new OarJobRequest { Resources = "nodes=1", Command = "true" }));
        Assert.Equal("ApiOutcomeUnknown", e.Code);
        Assert.Single(_api.Requests);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
    }

    [Fact]
    public async Task What_the_API_has_no_word_for_is_refused_before_anything_is_sent()
    {
        Assert.Equal("NotForApi", (await Assert.ThrowsAsync<G5kException>(() =>
            _jobs.SubmitAsync(new OarJobRequest { Resources = "nodes=1", Command = "true", ArrayCount = 3 }))).Code);
        Assert.Empty(_api.Requests);
    }
}
