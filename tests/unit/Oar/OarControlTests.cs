using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public sealed class OarControlTests : IDisposable
{
    readonly ScriptedFrontend _frontend = new("arles");
    readonly ManualTime _time = new();
    readonly OarClient _oar;

    public OarControlTests() => _oar = new OarClient(_frontend, _time, "oaruser1");

    public void Dispose() => _frontend.Dispose();

    static async Task<string> CodeOf(Func<Task> body) => (await Assert.ThrowsAnyAsync<G5kException>(body)).Code;

    [Theory]
    [InlineData(3, OarJobState.Hold, 1)]
    [InlineData(30, OarJobState.Waiting, 10)]
    public async Task What_oar_was_only_asked_for_is_waited_for_some_seconds(int reads, OarJobState state, double seconds)
    {
        for (int i = 1; i <= Math.Min(reads, 21); i++)
            _frontend.Expect("oarstat -J -f -j 7").Returns(i < reads ? """{"7": {"state": "Waiting"}}""" : """{"7": {"state": "Hold"}}""");
        OarJob job = await _time.RunAsync(() => _oar.GetChangedJobAsync(7, j => j.State == OarJobState.Hold));
        Assert.Equal((state, seconds), (job.State, _time.Elapsed.TotalSeconds));
    }

    [Theory]
    [InlineData("oarhold-accepted", null)]
    [InlineData("server-down-oarhold", null)]
    [InlineData("oarhold-other-user", "NotJobOwner")]
    public async Task Holding(string sample, string? code)
    {
        _frontend.Expect("oarhold 7").ReturnsRecorded($"oar/{sample}.txt");
        if (code is null) await _oar.HoldAsync(7);
        else Assert.Equal(code, await CodeOf(() => _oar.HoldAsync(7)));
    }

    [Theory]
    [InlineData("/!\\ Cannot hold 7 : this job does not exist.", "JobNotFound")]
    [InlineData("/!\\ Cannot hold 7 : the job is not in the right state (try '-r' option).", "JobNotInState")]
    [InlineData("Segmentation fault", "OarUnavailable")]
    public async Task What_cannot_be_held(string error, string code)
    {
        _frontend.Expect("oarhold 7").Returns("", error, 1);
        Assert.Equal(code, await CodeOf(() => _oar.HoldAsync(7)));
    }

    [Fact]
    public async Task Suspending_is_not_allowed_without_cpusets()
    {
        _frontend.Expect("oarhold -r 7").ReturnsRecorded("oar/oarhold-running.txt");
        Assert.Equal("SuspendNotAllowed", await CodeOf(() => _oar.SuspendAsync(7)));
    }

    [Theory]
    [InlineData("oarresume-accepted", null)]
    [InlineData("oarresume-not-held", "JobNotInState")]
    public async Task Resuming(string sample, string? code)
    {
        _frontend.Expect("oarresume 7").ReturnsRecorded($"oar/{sample}.txt");
        if (code is null) await _oar.ResumeAsync(7);
        else Assert.Equal(code, await CodeOf(() => _oar.ResumeAsync(7)));
    }

    [Fact]
    public async Task A_signal_by_name()
    {
        _frontend.Expect("oardel -s SIGUSR1 7").ReturnsRecorded("oar/oardel-signal.txt");
        await _oar.SignalAsync(7, "SIGUSR1");
    }

    [Fact]
    public async Task The_checkpoint_signal_needs_a_running_job()
    {
        _frontend.Expect("oardel -c 7").ReturnsRecorded("oar/oardel-checkpoint-not-running.txt");
        Assert.Equal("JobNotRunning", await CodeOf(() => _oar.SignalAsync(7, null)));
    }

    [Theory]
    [InlineData("", "JobNotFound")]
    [InlineData("{\"7\": {\"state\": \"Running\"}}", "NotJobOwner")]
    public async Task A_strangers_job_is_told_from_an_unknown_one(string known, string code)
    {
        _frontend.Expect("oardel -s SIGUSR1 7").Returns("", "Cannot signal 7 ; You are not the right user.", 1);
        _frontend.Expect("oarstat -J -f -j 7").Returns(known);
        Assert.Equal(code, await CodeOf(() => _oar.SignalAsync(7, "SIGUSR1")));
    }

    [Fact]
    public async Task A_front_end_without_OAR_says_so()
    {
        _frontend.Expect("oarstat -J -f -j 7").Returns("", "bash: oarstat: command not found", 127);
        Assert.Equal("OarNotFound", await CodeOf(() => _oar.GetJobAsync(7)));
    }

    [Fact]
    public async Task Ones_own_ended_jobs_are_asked_for_in_SQL()
    {
        _frontend.Expect(
            "oarstat -J -f --sql 'job_user = '\\''o'\\'''\\''x'\\'' AND job_name = '\\''n'\\'' AND state IN ('\\''Error'\\'', '\\''toError'\\'')'")
            .Returns("");
        var query = new OarJobQuery { User = "o'x", Name = "n", States = [OarJobState.Error, OarJobState.ToError] };
        await foreach (OarJob job in _oar.GetJobsAsync(query)) Assert.Fail($"{job}");
    }

    [Fact]
    public async Task Jobs_since_a_date_are_those_that_live_or_ended_later()
    {
        var since = DateTimeOffset.FromUnixTimeSeconds(1000);
        _frontend.Expect(
            "oarstat -J -f --sql 'job_user = '\\''oaruser1'\\'' AND (state IN ('\\''Waiting'\\'', '\\''Hold'\\'', '\\''toLaunch'\\'', '\\''toAckReservation'\\'', '\\''toError'\\'', '\\''Launching'\\'', '\\''Running'\\'', '\\''Suspended'\\'', '\\''Resuming'\\'', '\\''Finishing'\\'') OR stop_time >= 1000 OR submission_time >= 1000)'")
            .Returns("{\"1\": {\"state\": \"Error\", \"stopTime\": 999}, \"2\": {\"state\": \"Error\", \"stopTime\": 1000}, \"3\": {\"state\": \"Error\", \"stopTime\": 0, \"submissionTime\": 1001}, \"4\": {\"state\": \"Running\"}}");
        var ids = new List<long>();
        await foreach (OarJob job in _oar.GetJobsAsync(new OarJobQuery { Since = since })) ids.Add(job.Id);
        Assert.Equal([2, 3, 4], ids);
    }

    [Fact]
    public async Task The_VLANs_of_a_job_cost_one_more_question()
    {
        _frontend.Expect("oarstat -J -f -j 7 -j 8")
            .Returns("{\"7\": {\"state\": \"Running\", \"wanted_resources\": \"-l \\\"{type='kavlan'}/vlan=1\\\"\"}, \"8\": {\"state\": \"Running\"}}");
        _frontend.Expect("oarstat -p -j 7").Returns(
            " type = 'kavlan' , vlan = '4' , network_address = '' \n type = 'default' , vlan = '' , network_address = 'a-1' ");
        var vlans = new List<IReadOnlyList<int>?>();
        await foreach (OarJob job in _oar.GetJobsAsync(new OarJobQuery { JobIds = [7, 8, 7], WithVlans = true })) vlans.Add(job.Vlans);
        Assert.Equal([4], vlans[0]);
        Assert.Empty(vlans[1]!);
    }

    [Fact]
    public void The_interactive_commands_ask_for_a_terminal()
    {
        WaltG5k.Core.Frontends.CommandRequest shell =
            OarClient.GetInteractiveCommand(new OarJobRequest { Resources = "nodes=1", Walltime = Walltime.Parse("1"), Types = ["deploy"] });
        Assert.Equal("oarsub -I -l nodes=1,walltime=01:00:00 -t deploy", shell.ToString());
        Assert.Equal("oarsub -C 7", OarClient.GetConnectCommand(7).ToString());
        Assert.True(shell.Terminal && OarClient.GetConnectCommand(7).Terminal);
    }
}
