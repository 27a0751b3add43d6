using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>Decides from oarsub's exit status and output whether there is a job, and if not, why.</summary>
static class OarSubmitVerdict
{
    const int ResubmittedUnheard = 3, ResubmissionRefused = 4, NotEnoughResources = 8, ServerUnreachable = 9, ReservationRefused = 10, Ssh = 255;

    public static OarSubmission Check(string site, string asked, CommandResult result, OarSubmitOutput output)
    {
        if (result.ExitStatus == ReservationRefused || output.IsReservationValid == false) throw Refused(site, asked, output);
        OarFailures.CheckInstalled(result, site);
        if (result.ExitStatus != 0) throw Failed(site, asked, result);
        return output.JobIds is [var first, ..] ids
            ? new OarSubmission(site, first, result.Output) { JobIds = ids, Remarks = output.Remarks }
            : throw new CommandFailedException("SubmissionFailed", $"oarsub at {site} named no job", result, site, TryAgain(site),
            ErrorKind.ProtocolError);
    }

    static G5kException Refused(string site, string asked, OarSubmitOutput output)
    {
        DateTimeOffset? next = output.NextPossibleStart;
        string advice = next is { } date
            ? $"Start at that date (-Start '{GridZone.Format(date)}'), or ask for fewer nodes."
            : output.RefusalReason?.Contains("too old", StringComparison.Ordinal) == true
            ? "Give a start in the future, or leave -Start out to begin now."
            : "Choose another date or fewer nodes.";
        var refusal = new G5kException("ReservationRefused", ErrorKind.ResourceBusy,
            $"OAR at {site} refuses the reservation of {asked}: {output.RefusalReason ?? "no reason given"}.", site, advice);
        if (next is { } start) refusal.Data["NextPossibleStart"] = start;
        return refusal;
    }

    static CommandFailedException Failed(string site, string asked, CommandResult result) => result.ExitStatus switch
    {
        NotEnoughResources when !result.Error.Contains("Bad resource request", StringComparison.Ordinal) => new("NoResource",
            $"{site} can never give {asked}", result, site, $"Ask for fewer nodes or other clusters; what there is: Get-G5kCluster -Site {site}"),
        ServerUnreachable or ResubmittedUnheard =>
            new("SubmissionFailed", $"OAR's server at {site} cannot be reached", result, site, TryAgain(site), ErrorKind.ConnectionError),
        ResubmissionRefused => Refuse(site, result,
        "Only a job of one's own that has ended and was neither interactive nor a reservation can be submitted again."),
        Ssh when !result.Error.Contains("/!\\", StringComparison.Ordinal) =>
            new("SubmissionFailed", $"oarsub failed at {site}", result, site, TryAgain(site)),
        _ when FindAdvice(result) is { } advice => Refuse(site, result, advice),
        _ => new("SubmissionFailed", $"oarsub failed at {site}", result, site, TryAgain(site)),
    };

    /// <summary>What to do about a request that OAR cannot take; null when the failure is not the request's.</summary>
    static string? FindAdvice(CommandResult result) => result.ExitStatus switch
    {
        NotEnoughResources =>
            "Correct the condition: SQL over OAR's properties with texts in single quotes, such as \"cluster = 'gros'\". Their names: Get-OarResource | Select-Object -First 1 -ExpandProperty Properties",
        1 when result.Error.Contains("Unknown option", StringComparison.Ordinal) =>
            "Correct the option that OAR's message names; -WhatIf shows the command.",
        5 => "Give a -Command, or -Start for a reservation, or -Type noop.",
        6 => "Ask for an array of at least one job (-ArrayCount).",
        7 => "Give -Start a date in the future, and no interactive job.",
        14 or 15 or 246 => "Correct the job key that OAR's message names.",
        16 or 250 => "Write -Notify as mail:ADDRESS or exec:PROGRAM with letters, digits, '_', '.', '/', ' ' and '-' only.",
        17 => "A noop job runs nothing: leave -Type noop out for a shell.",
        248 => "Leave -Queue out, or choose one of those that 'oarnotify -l' lists on the front-end.",
        244 or 243 => "Give -OutputFile and -ErrorFile names without special characters.",
        254 when Says(result, "unknown job type") =>
            "Choose a type that OAR knows, such as deploy, besteffort, noop, cosystem, container, inner=ID, allow_classic_ssh.",
        254 when Says(result, "waiting advance reservations") => "Wait until one of your reservations has started, or delete one: Stop-OarJob",
        254 when Says(result, "container") => "Give the id of a running container job of yours: -Inner ID",
        254 when Says(result, "besteffort") => "A reservation cannot be besteffort: leave -Start or the type out.",
        254 when Says(result, "with a deploy job") => "A deploy job takes whole nodes: ask for nodes=N, not for cores.",
        255 => "Write -ResourceRequest as OAR does: nodes=2, or {cluster='gros'}/nodes=2; and -Walltime as 1:30:00.",
        > 242 => "Correct what OAR's message names and submit again; -WhatIf shows the command.",
        _ => null,
    };

    static bool Says(CommandResult result, string words) => result.Error.Contains(words, StringComparison.OrdinalIgnoreCase);

    static CommandFailedException Refuse(string site, CommandResult result, string advice) =>
        new("SubmissionRefused", $"OAR at {site} refuses the job", result, site, advice, ErrorKind.InvalidArgument);

    static string TryAgain(string site) => $"Try again in a minute; see https://www.grid5000.fr/status/ for incidents at {site}.";
}
