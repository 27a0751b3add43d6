using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public sealed class OarWalltimeTests : IDisposable
{
    readonly ScriptedFrontend _frontend = new("arles");
    readonly ManualTime _time = new();
    readonly OarClient _oar;

    public OarWalltimeTests() => _oar = new OarClient(_frontend, _time);

    public void Dispose() => _frontend.Dispose();

    void Status(string walltime, string granted, string pending)
    {
        _frontend.Expect("oarwalltime 7").Returns(
            $"Walltime change status for job 7 (job is running):\n  Current walltime: {walltime,11}\n  Possible increase:    +24:0:0\n  Already granted: {granted,12}\n  Pending/unsatisfied: {pending,8}\n");
        _frontend.Expect("oarstat -J -f -j 7").Returns("{\"7\": {\"state\": \"Running\", \"startTime\": 1795158238}}");
    }

    Task<OarWalltimeStatus> ChangeAsync(string change) =>
        _time.RunAsync(() => _oar.ChangeWalltimeAsync(7, new OarWalltimeWish { Change = change }, TimeSpan.FromSeconds(10)));

    [Theory]
    [InlineData("walltime-query", true, 600, 86400, 0, 0)]
    [InlineData("walltime-query-unsatisfied", true, 900, 86400, 300, 3600)]
    [InlineData("walltime-query-decreased", true, 300, 86400, -300, 0)]
    [InlineData("walltime-query-ended", false, 1210, null, 610, 3290)]
    [InlineData("walltime-query-waiting", false, null, null, 0, 0)]
    public void Each_recorded_status(string sample, bool isRunning, int? walltime, int? possible, int granted, int pending)
    {
        OarWalltimeStatus status = OarWalltimeReader.Read("arles", 7, RecordedCommand.Read($"oar/{sample}.txt").Output);
        Assert.Equal((isRunning, walltime, possible),
            (status.IsRunning, (int?)status.Walltime?.TotalSeconds, (int?)status.PossibleIncrease?.TotalSeconds));
        Assert.Equal((granted, pending), (status.Granted.TotalSeconds, status.Pending.TotalSeconds));
    }

    [Fact]
    public void More_may_stand_behind_a_value()
    {
        OarWalltimeStatus status = OarWalltimeReader.Read("arles", 7,
            "Walltime change status for job 7 (job is running):\n  Possible increase:  UNLIMITED\n  Already granted:       +0:5:0 (forced: +0:5:0)\n  Pending/unsatisfied:   +1:0:0 (will possibly delay next jobs)\n");
        Assert.Equal((TimeSpan.MaxValue, TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)), (status.PossibleIncrease, status.Granted, status.Pending));
    }

    [Fact]
    public async Task Granted_after_a_while()
    {
        Status("0:10:0", "0:0:0", "0:0:0");
        _frontend.Expect("oarwalltime 7 +0:10").ReturnsRecorded("oar/walltime-accepted.txt");
        Status("0:10:0", "0:0:0", "+0:10:0");
        Status("0:20:0", "+0:10:0", "0:0:0");
        OarWalltimeStatus status = await ChangeAsync("+0:10");
        Assert.Equal((OarWalltimeOutcome.Granted, TimeSpan.FromMinutes(20)), (status.Outcome, status.Walltime));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795158238 + 1200), status.EndsAt);
    }

    [Fact]
    public async Task A_new_total_counts_from_the_walltime_in_force()
    {
        Status("0:10:0", "0:0:0", "0:0:0");
        _frontend.Expect("oarwalltime 7 0:15").ReturnsRecorded("oar/walltime-updated.txt");
        Status("0:15:0", "+0:5:0", "0:0:0");
        Assert.Equal(OarWalltimeOutcome.Granted, (await ChangeAsync("0:15")).Outcome);
    }

    [Theory]
    [InlineData("0:0:0", OarWalltimeOutcome.Pending)]
    [InlineData("+0:5:0", OarWalltimeOutcome.PartlyGranted)]
    public async Task What_is_not_granted_in_time_is_pending_or_partly_granted(string granted, OarWalltimeOutcome outcome)
    {
        Status("0:10:0", "0:0:0", "0:0:0");
        _frontend.Expect("oarwalltime 7 +1:00").ReturnsRecorded("oar/walltime-accepted-not-granted.txt");
        for (int i = 0; i < 6; i++) Status("0:10:0", granted, "+1:0:0");
        Assert.Equal(outcome, (await ChangeAsync("+1:00")).Outcome);
        Assert.Equal(TimeSpan.FromSeconds(10), _time.Elapsed);
    }

    [Theory]
    [InlineData("walltime-not-running", "JobNotRunning")]
    [InlineData("walltime-other-user", "NotJobOwner")]
    [InlineData("walltime-no-change", "WalltimeChangeRefused")]
    [InlineData("walltime-unknown-job", "JobNotFound")]
    [InlineData("walltime-disabled", "WalltimeChangeDisabled")]
    public async Task Refused(string sample, string code)
    {
        Status("0:10:0", "0:0:0", "0:0:0");
        _frontend.Expect("oarwalltime 7 +0:10").ReturnsRecorded($"oar/{sample}.txt");
        Assert.Equal(code, (await Assert.ThrowsAnyAsync<G5kException>(() => ChangeAsync("+0:10"))).Code);
    }

    [Fact]
    public async Task An_unknown_job_has_no_walltime()
    {
        _frontend.Expect("oarwalltime 7").ReturnsRecorded("oar/walltime-query-unknown-job.txt");
        Assert.Equal("JobNotFound", (await Assert.ThrowsAnyAsync<G5kException>(() => _oar.GetWalltimeAsync(7))).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("soon")]
    [InlineData("+-1")]
    [InlineData("1:99")]
    [InlineData("0")]
    public async Task No_walltime_is_not_sent(string change) =>
        Assert.Equal("InvalidWalltime", (await Assert.ThrowsAnyAsync<G5kException>(() => ChangeAsync(change))).Code);
}
