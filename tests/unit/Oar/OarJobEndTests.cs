using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public class OarJobEndTests
{
    [Theory]
    [InlineData("job-running-kavlan", OarJobEnd.None)]
    [InlineData("job-walltime-changed", OarJobEnd.None)]
    [InlineData("job-terminated", OarJobEnd.Completed)]
    [InlineData("job-terminated-exit-3", OarJobEnd.Completed)]
    [InlineData("job-terminated-then-deleted", OarJobEnd.Completed)]
    [InlineData("job-terminated-noop", OarJobEnd.WalltimeReached)]
    [InlineData("job-error-walltime", OarJobEnd.WalltimeReached)]
    [InlineData("reservation-ended", OarJobEnd.WalltimeReached)]
    [InlineData("job-error-deleted", OarJobEnd.Deleted)]
    [InlineData("job-error-deleted-before-start", OarJobEnd.Deleted)]
    [InlineData("job-error-interrupted", OarJobEnd.Deleted)]
    [InlineData("reservation-deleted-before-start", OarJobEnd.Deleted)]
    [InlineData("job-error-besteffort-killed", OarJobEnd.BesteffortKilled)]
    [InlineData("job-error-directory", OarJobEnd.Failed)]
    [InlineData("job-error-prologue", OarJobEnd.Failed)]
    [InlineData("job-error-expired", OarJobEnd.Expired)]
    [InlineData("reservation-client-killed", OarJobEnd.Exterminated)]
    [InlineData("reservation-refused", OarJobEnd.Refused)]
    public void The_events_tell_why_a_job_ended(string sample, OarJobEnd expected)
    {
        OarJob job = OarJobReader.Read("arles", RecordedCommand.Read($"oar/{sample}.txt").Output)[0];
        Assert.Equal(expected, OarClient.GetEnd(job));
    }

    [Fact]
    public void A_granted_change_of_walltime_is_no_end()
    {
        OarJob job = OarJobReader.Read("arles", RecordedCommand.Read("oar/job-error-deleted.txt").Output)[0];
        var change = new OarJobEvent(DateTimeOffset.UnixEpoch, "WALLTIME", " walltime changed: 0:20:0 (granted: +0:10:0/pending: 0:0:0)");
        Assert.Equal(OarJobEnd.Deleted, OarClient.GetEnd(job with { Events = [change, .. job.Events] }));
    }
}
