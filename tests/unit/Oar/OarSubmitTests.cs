using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public sealed class OarSubmitTests : IDisposable
{
    const string Line = "oarsub -l nodes=3,walltime=00:30:00 -t deploy";
    static readonly OarJobRequest s_request = new() { Resources = "nodes=3", Walltime = Walltime.Parse("0:30"), Types = ["deploy"] };

    readonly ScriptedFrontend _frontend = new();
    readonly ManualTime _time = new();
    readonly List<long> _ids = [];

    public void Dispose() => _frontend.Dispose();

    Task<OarSubmission> SubmitAsync(OarJobRequest? request = null, Action<long>? onJobId = null, CancellationToken cancellationToken = default) =>
        _time.RunAsync(() => new OarClient(_frontend, _time).SubmitAsync(request ?? s_request, onJobId ?? _ids.Add, cancellationToken));

    Task<G5kException> RefuseAsync(OarJobRequest? request = null) => Assert.ThrowsAnyAsync<G5kException>(() => SubmitAsync(request));

    [Fact]
    public async Task Every_field_has_its_option()
    {
        var request = new OarJobRequest
        {
            Resources = OarResources.Join(OarResources.Vlan("kavlan-local"), OarResources.Nodes(2, "cluster IN ('gros')")),
            Walltime = Walltime.Parse("1"),
            Start = new DateTimeOffset(2026, 11, 20, 6, 2, 42, TimeSpan.Zero),
            Types = ["deploy", "night"],
            Name = "walt-1",
            Properties = "maintenance='NO'",
            Queue = "default",
            Project = "p",
            StandardOutputFile = "out",
            StandardErrorFile = "err",
            Command = "sleep 1; true",
        };
        _frontend.Expect(
            "oarsub -l '{type='\\''kavlan-local'\\''}/vlan=1+{cluster IN ('\\''gros'\\'')}/nodes=2,walltime=01:00:00' -r '2026-11-20 07:02:42' "
            + "-t deploy -t night -n walt-1 -p 'maintenance='\\''NO'\\''' -q default --project p -O out -E err 'sleep 1; true'")
            .ReturnsRecorded("oar/reservation-accepted.txt");

        OarSubmission submission = await SubmitAsync(request);

        Assert.Equal(("nancy", 100004), (submission.Site, submission.JobId));
        Assert.Equal(CommandEffect.Change, _frontend.Requests[0].Effect);
    }

    [Fact]
    public async Task The_date_is_in_the_local_time_of_the_servers_in_summer_too()
    {
        _frontend.Expect("oarsub -l nodes=3,walltime=00:30:00 -r '2026-07-01 14:00:00' -t deploy").ReturnsRecorded("oar/reservation-accepted.txt");
        await SubmitAsync(s_request with { Start = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero) });
    }

    [Fact]
    public async Task The_id_is_reported_while_oarsub_still_runs()
    {
        using var stop = new CancellationTokenSource();
        _frontend.Expect(Line).Hangs("# rule\nOAR_JOB_ID=100001\n");
        _frontend.Expect("oarstat -J -f -j 100001").Returns("");
        _frontend.Expect("oardel 100001").ReturnsRecorded("oar/oardel-registered.txt");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            SubmitAsync(onJobId: id => { _ids.Add(id); stop.Cancel(); }, cancellationToken: stop.Token));
        Assert.Equal([100001], _ids); // and the cancelled job was deleted, or Dispose complains
    }

    [Fact]
    public async Task Rule_lines_and_the_block_with_JSON_are_passed_over()
    {
        _frontend.Expect(Line).ReturnsRecorded("oar/oarsub-deploy.txt");
        Assert.Equal(100001, (await SubmitAsync()).JobId);
        Assert.Equal([100001], _ids);
    }

    [Fact]
    public async Task The_words_of_a_newer_OAR_are_understood()
    {
        _frontend.Expect(Line)
            .Returns("# Filtering out exotic resources (drac).\nOAR_JOB_ID=7\n# Advance reservation request: waiting for validation...\n# Reservation valid --> OK\n");
        Assert.Equal(7, (await SubmitAsync()).JobId);
    }

    [Fact]
    public async Task A_refused_reservation_names_the_next_date_and_leaves_nothing()
    {
        _frontend.Expect(Line).ReturnsRecorded("oar/reservation-slot-taken.txt");
        _frontend.Expect("oarstat -J -f -j 100006").ReturnsRecorded("oar/reservation-refused.txt"); // in state Error already: nothing to delete

        G5kException e = await RefuseAsync();

        Assert.Equal(("ReservationRefused", ErrorKind.ResourceBusy, "nancy"), (e.Code, e.Kind, e.Target));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 7, 2, 10, TimeSpan.Zero), e.Data["NextPossibleStart"]);
        Assert.Contains("2026-11-21 08:02:10", e.Recommendation, StringComparison.Ordinal);
        Assert.Equal([100006], _ids);
    }

    [Fact]
    public async Task A_refusal_without_a_date_has_none()
    {
        _frontend.Expect(Line).ReturnsRecorded("oar/reservation-too-old.txt");
        _frontend.Expect("oarstat -J -f -j 100007").Returns("");
        _frontend.Expect("oardel 100007").ReturnsRecorded("oar/oardel-other-user.txt");
        G5kException e = await RefuseAsync();
        Assert.Equal("ReservationRefused", e.Code);
        Assert.Contains("Reservation too old", e.Message, StringComparison.Ordinal);
        Assert.False(e.Data.Contains("NextPossibleStart"));
    }

    [Fact]
    public async Task A_verdict_of_not_valid_counts_whatever_the_exit_status()
    {
        _frontend.Expect(Line).Returns("OAR_JOB_ID=5\n# Reservation not valid --> KO (This reservation could run at 2026-11-21 08:02:10)\n");
        _frontend.Expect("oarstat -J -f -j 5").Returns("{\"5\": {\"Job_Id\": 5, \"state\": \"Waiting\"}}");
        _frontend.Expect("oardel 5").ReturnsRecorded("oar/oardel-registered.txt");
        Assert.Equal("ReservationRefused", (await RefuseAsync()).Code);
    }

    [Fact]
    public async Task With_the_server_down_the_job_exists_all_the_same_and_is_deleted()
    {
        _frontend.Expect(Line).ReturnsRecorded("oar/server-down-reservation.txt");
        _frontend.Expect("oarstat -J -f -j 200004").Returns("{\"200004\": {\"Job_Id\": 200004, \"state\": \"Waiting\"}}");
        _frontend.Expect("oardel 200004").ReturnsRecorded("oar/server-down-oardel.txt");
        _frontend.Expect("oardel 200004").ReturnsRecorded("oar/oardel-twice.txt");
        G5kException e = await RefuseAsync();
        Assert.Equal(("SubmissionFailed", ErrorKind.ConnectionError), (e.Code, e.Kind));
        Assert.False(e.Data.Contains("JobId"));
    }

    [Fact]
    public async Task A_job_that_cannot_be_deleted_in_time_is_named()
    {
        _frontend.Expect(Line).ReturnsRecorded("oar/server-down-reservation.txt");
        _frontend.Expect("oarstat -J -f -j 200004").ReturnsRecorded("oar/database-down-oarstat.txt");
        _frontend.Expect("oardel 200004").ReturnsRecorded("oar/server-down-oardel.txt").Always();
        Assert.Equal(200004L, (await RefuseAsync()).Data["JobId"]);
        Assert.Equal(TimeSpan.FromSeconds(30), _time.Elapsed);
    }

    [Fact]
    public async Task A_connection_lost_after_the_id_leaves_no_job()
    {
        _frontend.Expect(Line).Throws(new G5kException("FrontendUnreachable", ErrorKind.ConnectionError, "lost"), "OAR_JOB_ID=12\n");
        _frontend.Expect("oarstat -J -f -j 12").Returns("");
        _frontend.Expect("oardel 12").ReturnsRecorded("oar/oardel-registered.txt");
        Assert.Equal("FrontendUnreachable", (await RefuseAsync()).Code);
    }

    [Fact]
    public async Task A_connection_lost_before_the_id_leaves_no_job_of_that_name_and_time()
    {
        DateTimeOffset now = _time.GetUtcNow();
        string Job(long id, DateTimeOffset submitted, string name) =>
            $"\"{id}\": {{\"Job_Id\": {id}, \"state\": \"Waiting\", \"name\": \"{name}\", \"submissionTime\": {submitted.ToUnixTimeSeconds()}}}";
        string jobs = $"{{{Job(11, now.AddHours(-1), "mine")}, {Job(12, now, "other")}, {Job(13, now, "mine")}}}";
        _frontend.Expect("oarsub -l nodes=3,walltime=00:30:00 -t deploy -n mine")
            .Throws(new G5kException("CommandTimeout", ErrorKind.OperationTimeout, "silent"));
        _frontend.Expect("oarstat -J -f -u").Returns(jobs);
        _frontend.Expect("oarstat -J -f -j 13").Returns($"{{{Job(13, now, "mine")}}}");
        _frontend.Expect("oardel 13").ReturnsRecorded("oar/oardel-registered.txt");
        G5kException e = await RefuseAsync(s_request with { Name = "mine" });
        Assert.Equal(("SubmissionFailed", ErrorKind.OperationTimeout), (e.Code, e.Kind));
        Assert.EndsWith("Get-OarJob -Site nancy -Name 'mine'", e.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_the_caller_at_the_id_deletes_the_job()
    {
        _frontend.Expect(Line).ReturnsRecorded("oar/oarsub-deploy.txt");
        _frontend.Expect("oarstat -J -f -j 100001").Returns("");
        _frontend.Expect("oardel 100001").ReturnsRecorded("oar/oardel-registered.txt");
        await Assert.ThrowsAsync<IOException>(() => SubmitAsync(onJobId: _ => throw new IOException("disk full")));
    }

    [Fact]
    public async Task Not_enough_nodes_ever()
    {
        _frontend.Expect(Line).ReturnsRecorded("oar/refused-too-many-nodes.txt");
        G5kException e = await RefuseAsync();
        Assert.Equal(("NoResource", ErrorKind.ResourceUnavailable, "nancy"), (e.Code, e.Kind, e.Target));
        Assert.Empty(_ids); // -5 is no job
    }

    [Theory]
    [InlineData("refused-unknown-property", "nosuchprop")]
    [InlineData("reservation-third-refused", "more than 2 waiting advance reservations")]
    [InlineData("refused-unknown-queue", "The queue noqueue does not exist")]
    [InlineData("refused-resource-syntax", "Cannot recognize the resource description")]
    [InlineData("reservation-bad-date", "Syntax error near the -r")]
    public async Task A_wrong_request_is_refused_with_the_words_of_OAR(string sample, string words)
    {
        _frontend.Expect(Line).ReturnsRecorded($"oar/{sample}.txt");
        G5kException e = await RefuseAsync();
        Assert.Equal(("SubmissionRefused", ErrorKind.InvalidArgument), (e.Code, e.Kind));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, "")]
    [InlineData(137, "")]
    [InlineData(0, "")]
    public async Task Any_other_end_without_a_job_is_a_failure(int status, string error)
    {
        _frontend.Expect(Line).Returns("", error, status);
        Assert.Equal("SubmissionFailed", (await RefuseAsync()).Code);
    }

    [Fact]
    public async Task Every_further_field_has_its_option()
    {
        var request = new OarJobRequest
        {
            Resources = "nodes=2,walltime=0:10",
            Walltime = Walltime.Parse("5"), // the text holds its own
            Alternatives = ["nodes=1,walltime=0:20"],
            Directory = "/tmp",
            After = [5, 6],
            Hold = true,
            ArrayCount = 3,
            ScanScript = true,
            Notify = "mail:a@b.fr",
            Checkpoint = TimeSpan.FromMinutes(1),
            Signal = 12,
            Command = "./job.sh",
        };
        _frontend.Expect(
            "oarsub -l nodes=2,walltime=0:10 -l nodes=1,walltime=0:20 -d /tmp -a 5 -a 6 --hold --notify mail:a@b.fr --checkpoint 60 --signal 12 --array 3 -S ./job.sh").ReturnsRecorded("oar/oarsub-array.txt");
        OarSubmission submission = await SubmitAsync(request);
        Assert.Equal([100036, 100037, 100038], submission.JobIds);
        Assert.Equal([100036, 100037, 100038], _ids);
    }

    [Fact]
    public async Task Without_a_walltime_it_is_OARs_own()
    {
        _frontend.Expect("oarsub -l nodes=1 -t noop").ReturnsRecorded("oar/oarsub-noop.txt");
        await SubmitAsync(new OarJobRequest { Resources = "nodes=1", Types = ["noop"] });
    }

    [Fact]
    public async Task Every_job_of_an_array_is_deleted_when_something_fails_after_the_ids()
    {
        _frontend.Expect("oarsub -l nodes=1 --array 2 true")
            .Throws(new G5kException("FrontendUnreachable", ErrorKind.ConnectionError, "lost"), "OAR_JOB_ID=12\nOAR_JOB_ID=13\n");
        foreach (int id in (int[])[12, 13])
        {
            _frontend.Expect($"oarstat -J -f -j {id}").Returns("");
            _frontend.Expect($"oardel {id}").ReturnsRecorded("oar/oardel-registered.txt");
        }
        Assert.Equal("FrontendUnreachable", (await RefuseAsync(new OarJobRequest { Resources = "nodes=1", ArrayCount = 2, Command = "true" })).Code);
    }

    [Fact]
    public async Task A_job_is_submitted_again()
    {
        _frontend.Expect("oarsub --resubmit 100008").ReturnsRecorded("oar/oarsub-resubmit.txt");
        OarSubmission submission = await _time.RunAsync(() => new OarClient(_frontend, _time).ResubmitAsync(100008, _ids.Add));
        Assert.Equal(100014, submission.JobId);
        Assert.Equal([100014], _ids);
    }

    [Fact]
    public async Task A_parameter_with_a_line_break_is_refused_before_anything_is_written() =>
        Assert.Equal("SubmissionRefused", (await RefuseAsync(
        new OarJobRequest { Resources = "nodes=1", ArrayParameters = ["a", "b\nc"], Command = "true" })).Code);
}
