using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>
/// One wish for another walltime. OAR's "accepted" is only a request: what became of it is read again until the scheduler has decided.
/// </summary>
sealed class OarWalltimeChange(OarClient oar, IFrontend frontend, TimeProvider time, long jobId)
{
    const int Refused = 1, Forbidden = 3, UnknownOrSyntax = 4, Disabled = 5;
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    public async Task<OarWalltimeStatus> RunAsync(OarWalltimeWish wish, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (!IsChange(wish.Change)) throw InvalidWalltime(wish.Change);
        OarWalltimeStatus before = await oar.GetWalltimeAsync(jobId, cancellationToken).ConfigureAwait(false);
        await RequestAsync(wish, cancellationToken).ConfigureAwait(false);
        long start = time.GetTimestamp();
        OarWalltimeStatus now;
        while (true)
        {
            now = await oar.GetWalltimeAsync(jobId, cancellationToken).ConfigureAwait(false);
            TimeSpan left = wait - time.GetElapsedTime(start);
            if (now.Pending == TimeSpan.Zero || !now.IsRunning || left <= TimeSpan.Zero) break;
            await Task.Delay(left < s_pause ? left : s_pause, time, cancellationToken).ConfigureAwait(false);
        }
        return now with { Outcome = GetOutcome(before, now, wish.Change) };
    }

    static OarWalltimeOutcome GetOutcome(OarWalltimeStatus before, OarWalltimeStatus now, string change)
    {
        TimeSpan given = now.Granted - before.Granted;
        if (now.Pending != TimeSpan.Zero) return given == TimeSpan.Zero ? OarWalltimeOutcome.Pending : OarWalltimeOutcome.PartlyGranted;
        TimeSpan? asked = OarWalltimeReader.ReadDuration(change);
        if (change[0] is not ('+' or '-')) asked -= before.Walltime;
        // A reduction below the time already used is cut to it.
        return given == asked ? OarWalltimeOutcome.Granted : OarWalltimeOutcome.PartlyGranted;
    }

    async Task RequestAsync(OarWalltimeWish wish, CancellationToken cancellationToken)
    {
        CommandResult result = OarFailures.CheckInstalled(
            await frontend.RunAsync(OarCommandLine.ChangeWalltime(jobId, wish), null, cancellationToken).ConfigureAwait(false), oar.Site);
        if (result.ExitStatus == 0) return;
        string words = result.LastLines(1); // errors too come on standard output
        throw result.ExitStatus switch
        {
            UnknownOrSyntax when words.Contains("could not find job", StringComparison.Ordinal) => OarFailures.JobNotFound(oar.Site, jobId),
            UnknownOrSyntax => InvalidWalltime(wish.Change),
            Forbidden when words.Contains("does not belong to you", StringComparison.Ordinal) => OarFailures.NotJobOwner(oar.Site, jobId, words),
            Forbidden when words.Contains("is not running", StringComparison.Ordinal) => new G5kException("JobNotRunning", ErrorKind.InvalidOperation,
                $"The walltime of job {jobId} of {oar.Site} cannot be changed: it is not running.", jobId,
                $"Wait for its start: Wait-OarJob {jobId} -Site {oar.Site}"),
            Disabled => DisabledAt(oar.Site, jobId),
            Refused or Forbidden => new G5kException("WalltimeChangeRefused", ErrorKind.InvalidOperation,
                $"OAR at {oar.Site} refuses '{wish.Change}' for job {jobId}: {words}", jobId,
                $"See what is possible: Get-OarJob {jobId} -Site {oar.Site}, or on the front-end: oarwalltime {jobId}"),
            _ => new CommandFailedException("OarUnavailable", $"The walltime of job {jobId} was not changed", result, jobId,
            "Try again in a minute."),
        };
    }

    internal static G5kException DisabledAt(string site, long jobId) => new("WalltimeChangeDisabled", ErrorKind.InvalidOperation,
        $"OAR at {site} does not let walltimes be changed.", jobId, "Submit a new job with a longer walltime.");

    static bool IsChange(string text) => Walltime.TryParse(text.TrimStart().TrimStart('+', '-'), out _) && text.Trim() == text
        && text.LastIndexOfAny(['+', '-']) <= 0;

    static G5kException InvalidWalltime(string text) =>
        new("InvalidWalltime", ErrorKind.InvalidArgument, $"'{text}' is no change of a walltime.", text,
        "Write +1:00 for an hour more, -0:30 for half an hour less, or a new total such as 3:00.");
}
