using System.Net;
using System.Text.Json;
using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public sealed class OarRestTests : IDisposable
{
    readonly ScriptedFrontend _frontend = new("arles");
    readonly ScriptedOarApi _api = new();
    readonly ManualTime _time = new();
    readonly OarClient _oar;

    public OarRestTests() => _oar = new OarClient(_frontend, _time, "oaruser1", _api.Client);

    public void Dispose()
    {
        _frontend.Dispose();
        _api.Dispose();
    }

    async Task<List<OarJob>> ListAsync(OarJobQuery query)
    {
        var jobs = new List<OarJob>();
        await foreach (OarJob job in _oar.GetJobsAsync(query)) jobs.Add(job);
        return jobs;
    }

    [Fact]
    public async Task A_job_is_the_same_whichever_way_it_is_read()
    {
        _api.ReturnsRecorded("jobs/100007.json", "both-ways-rest").ReturnsRecorded("jobs/100007/nodes.json", "both-ways-rest-nodes");
        OarJob byRest = (await _oar.GetJobAsync(100007))!;
        OarJob byCommand = Assert.Single(OarJobReader.Read("arles", RecordedCommand.Read("oar/both-ways-oarstat.txt").Output));
        Assert.Equal(JsonSerializer.Serialize(byCommand), JsonSerializer.Serialize(byRest));
        Assert.Equal((2, 3, OarJobEnd.Completed), (byRest.Nodes.Count, byRest.ExitStatus, byRest.End)); // and not because both are empty
    }

    [Theory]
    [InlineData("rest-job-running", 100044, OarJobState.Running, false, "default")]
    [InlineData("rest-job-reservation", 100045, OarJobState.Waiting, true, "default")]
    [InlineData("rest-job-held", 200005, OarJobState.Hold, false, "default")]
    [InlineData("rest-job-utf8", 0, OarJobState.ToLaunch, false, "default")]
    public void Each_recorded_job_is_read(string sample, long id, OarJobState state, bool isReservation, string queue)
    {
        OarJob job = OarJobReader.ReadOne("arles", RecordedHttp.Read($"oar/{sample}.http").Body)!;
        if (id != 0) Assert.Equal(id, job.Id);
        Assert.Equal((state, isReservation, queue), (job.State, job.IsReservation, job.Queue));
        Assert.NotEmpty(job.WantedResources);
        Assert.NotNull(job.SubmittedAt);
        Assert.False(job.IsEnded);
    }

    [Fact]
    public void The_body_is_UTF_8_whatever_its_header_says() =>
        Assert.Contains("é", OarJobReader.ReadOne("arles", RecordedHttp.Read("oar/rest-job-utf8.http").Body)!.Name, StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_job_is_unknown_without_asking_again()
    {
        _api.ReturnsRecorded("jobs/99999.json", "rest-job-unknown");
        Assert.Null(await _oar.GetJobAsync(99999)); // and no command was run, or Dispose complains
    }

    [Theory]
    [InlineData("rest-job-anonymous")]
    [InlineData("rest-database-down")]
    [InlineData("rest-node-unknown")]
    public async Task An_error_sends_back_to_the_commands(string sample)
    {
        _api.ReturnsRecorded("jobs/100008.json", sample);
        _frontend.Expect("oarstat -J -f -j 100008").ReturnsRecorded("oar/job-running-kavlan.txt");
        Assert.Equal(100008, (await _oar.GetJobAsync(100008))!.Id);
    }

    [Fact]
    public async Task A_stranger_of_a_web_server_is_no_answer_about_a_job()
    {
        _api.Returns("jobs/100008.json", "<html>not here</html>", HttpStatusCode.NotFound);
        _frontend.Expect("oarstat -J -f -j 100008").ReturnsRecorded("oar/job-running-kavlan.txt");
        Assert.NotNull(await _oar.GetJobAsync(100008));
    }

    [Fact]
    public async Task A_failure_is_remembered_for_a_minute()
    {
        _api.Throws("jobs/100008.json", new HttpRequestException("refused"));
        _frontend.Expect("oarstat -J -f -j 100008").ReturnsRecorded("oar/job-running-kavlan.txt").Always();
        await _oar.GetJobAsync(100008);
        _time.Advance(TimeSpan.FromSeconds(59));
        await _oar.GetJobAsync(100008);
        Assert.Single(_api.Paths);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _oar.GetJobAsync(100008);
        Assert.Equal(2, _api.Paths.Count);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_sends_back_to_the_commands()
    {
        _api.Returns("jobs/100008.json", "{\"id\": 100008, ");
        _frontend.Expect("oarstat -J -f -j 100008").ReturnsRecorded("oar/job-running-kavlan.txt");
        Assert.NotNull(await _oar.GetJobAsync(100008));
    }

    [Fact]
    public async Task The_users_jobs_are_listed_and_each_is_described()
    {
        _api.ReturnsRecorded("jobs.json?user=oaruser1", "rest-jobs-ids")
            .ReturnsRecorded("jobs/100044.json", "rest-job-running").ReturnsRecorded("jobs/100044/nodes.json", "rest-job-nodes")
            .ReturnsRecorded("jobs/100043.json", "rest-job-unknown");
        OarJob job = Assert.Single(await ListAsync(new OarJobQuery()));
        Assert.Equal(["argon-1.arles.grid.test", "argon-10.arles.grid.test"], job.Nodes);
    }

    [Fact]
    public async Task A_long_list_is_one_command()
    {
        string items = string.Join(", ", Enumerable.Range(1, 13).Select(i => $"{{\"id\": {i}}}"));
        _api.Returns("jobs.json?user=oaruser1", $"{{\"total\": 13, \"items\": [{items}]}}");
        _frontend.Expect("oarstat -J -f -u").Returns("{\"1\": {\"state\": \"Running\"}}");
        Assert.Single(await ListAsync(new OarJobQuery()));
    }

    [Fact]
    public async Task Lists_are_read_page_by_page()
    {
        _api.Returns("jobs.json", "{\"total\": 2, \"items\": [{\"id\": 1}]}")
            .Returns("jobs.json?offset=1", "{\"total\": 2, \"items\": [{\"id\": 2}]}")
            .Returns("jobs/1.json", "{\"id\": 1, \"state\": \"Waiting\"}").Returns("jobs/2.json", "{\"id\": 2, \"state\": \"Waiting\"}");
        Assert.Equal([1, 2], (await ListAsync(new OarJobQuery { User = OarJobQuery.Everybody })).Select(j => j.Id));
    }

    [Fact]
    public async Task No_jobs_are_no_jobs()
    {
        _api.ReturnsRecorded("jobs.json?user=oaruser1", "rest-jobs-empty");
        Assert.Empty(await ListAsync(new OarJobQuery()));
    }

    [Theory]
    [InlineData("rest-job-resources", "11")]
    [InlineData("rest-job-resources-waiting", "11")]
    public async Task The_VLAN_of_a_job_is_among_its_resources(string sample, string vlan)
    {
        _api.ReturnsRecorded("jobs/1/resources.json", sample);
        IReadOnlyList<OarJobResource> resources = await _oar.GetResourcesAsync(1);
        Assert.Equal(vlan, Assert.Single(resources, r => r.Vlan is not null).Vlan);
    }

    [Fact]
    public async Task The_sites_resources_come_with_their_columns()
    {
        _api.ReturnsRecorded("resources/details.json", "rest-resources-details");
        var resources = new List<OarResource>();
        await foreach (OarResource resource in _oar.GetResourcesAsync(new OarResourceQuery())) resources.Add(resource);
        Assert.Equal(22, resources.Count);
        Assert.Equal(resources.OrderBy(r => r.Id).Select(r => r.Id), resources.Select(r => r.Id));
        Assert.Contains(resources, r => r.Type.StartsWith("kavlan", StringComparison.Ordinal) && r.Vlan is not null && r.Host is null);
        Assert.Contains(resources, r => r is { Type: "default", State: "Alive", Host: not null });
        Assert.DoesNotContain("links", resources[0].Properties.Keys);
    }
}
