using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

/// <summary>Each recorded answer of oarsub.</summary>
public class OarVerdictTests
{
    static OarSubmission Check(RecordedCommand answer)
    {
        var output = new OarSubmitOutput();
        foreach (string line in answer.Output.Split('\n')) output.Take(line);
        var result = new WaltG5k.Core.Frontends.CommandResult("farles", new("oarsub"), answer.ExitStatus, answer.Output, answer.Error, TimeSpan.Zero);
        return OarSubmitVerdict.Check("arles", "nodes=1", result, output);
    }

    [Theory]
    [InlineData("oarsub-deploy", 1)]
    [InlineData("oarsub-name-and-project", 1)]
    [InlineData("oarsub-output-files", 1)]
    [InlineData("oarsub-kavlan-and-nodes", 1)]
    [InlineData("oarsub-kavlan-local", 1)]
    [InlineData("oarsub-kavlan-global", 1)]
    [InlineData("oarsub-exotic-filtered", 2)]
    [InlineData("oarsub-exotic", 1)]
    [InlineData("oarsub-subnet-vlan-node", 2)]
    [InlineData("oarsub-default-walltime", 2)]
    [InlineData("oarsub-resubmit", 0)]
    [InlineData("oarsub-hold", 1)]
    [InlineData("oarsub-besteffort", 3)]
    [InlineData("oarsub-noop", 1)]
    [InlineData("oarsub-cosystem", 1)]
    [InlineData("oarsub-container", 1)]
    [InlineData("oarsub-inner", 1)]
    [InlineData("oarsub-after", 1)]
    [InlineData("oarsub-after-unknown-job", 1)]
    [InlineData("oarsub-moldable", 1)]
    [InlineData("oarsub-script-directives", 1)]
    [InlineData("oarsub-postpone", 1)]
    [InlineData("oarsub-utf8", 1)]
    [InlineData("reservation-accepted", 1)]
    [InlineData("reservation-accepted-with-command", 1)]
    public void Accepted(string sample, int remarks)
    {
        OarSubmission submission = Check(RecordedCommand.Read($"oar/{sample}.txt"));
        Assert.True(submission.JobId > 0);
        Assert.Equal([submission.JobId], submission.JobIds);
        Assert.Equal(remarks, submission.Remarks.Count);
        Assert.All(submission.Remarks, r => Assert.DoesNotContain("ADMISSION", r, StringComparison.Ordinal));
    }

    [Fact]
    public void An_array_gives_all_its_ids() =>
        Assert.Equal([100036, 100037, 100038], Check(RecordedCommand.Read("oar/oarsub-array.txt")).JobIds);

    [Theory]
    [InlineData("refused-too-many-nodes", "NoResource", "fewer nodes")]
    [InlineData("refused-too-many-vlans", "NoResource", "fewer nodes")]
    [InlineData("refused-unknown-property", "SubmissionRefused", "Correct the condition")]
    [InlineData("refused-sql-syntax", "SubmissionRefused", "Correct the condition")]
    [InlineData("refused-unknown-type", "SubmissionRefused", "Choose a type")]
    [InlineData("refused-deploy-cores", "SubmissionRefused", "whole nodes")]
    [InlineData("refused-resource-syntax", "SubmissionRefused", "Write -ResourceRequest as OAR does")]
    [InlineData("refused-no-command", "SubmissionRefused", "Give a -Command")]
    [InlineData("refused-unknown-queue", "SubmissionRefused", "-Queue")]
    [InlineData("refused-interactive-noop", "SubmissionRefused", "-Type noop")]
    [InlineData("refused-insecure-notify", "SubmissionRefused", "-Notify")]
    [InlineData("resubmit-other-user", "SubmissionRefused", "one's own")]
    [InlineData("inner-unknown-container", "SubmissionRefused", "running container job")]
    [InlineData("reservation-third-refused", "SubmissionRefused", "Stop-OarJob")]
    [InlineData("reservation-bad-date", "SubmissionRefused", "-Start")]
    [InlineData("reservation-slot-taken", "ReservationRefused", "2026-11-21 08:02:10")]
    [InlineData("reservation-too-old", "ReservationRefused", "in the future")]
    [InlineData("server-down-oarsub", "SubmissionFailed", "Try again")]
    [InlineData("server-down-reservation", "SubmissionFailed", "Try again")]
    [InlineData("server-down-resubmit", "SubmissionFailed", "Try again")]
    public void Refused(string sample, string code, string advice)
    {
        G5kException e = Assert.ThrowsAny<G5kException>(() => Check(RecordedCommand.Read($"oar/{sample}.txt")));
        Assert.Equal(code, e.Code);
        Assert.Contains(advice, e.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_front_end_without_OAR()
    {
        G5kException e = Assert.ThrowsAny<G5kException>(() => Check(new RecordedCommand("", "oarsub: command not found", 127)));
        Assert.Equal(("OarNotFound", ErrorKind.NotInstalled), (e.Code, e.Kind));
    }
}
