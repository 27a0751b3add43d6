using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>Decides from oarsub's exit status and output whether there is a job, and if not, why.</summary>
static class OarSubmitVerdict
{
    const int NotEnoughResources = 8, ServerUnreachable = 9, ReservationRefused = 10;

    public static OarSubmission Check(string site, OarJobRequest request, CommandResult result, OarSubmitOutput output)
    {
        if (result.ExitStatus == ReservationRefused || output.IsReservationValid == false) throw Refused(site, request, output);
        if (result.ExitStatus != 0) throw Failed(site, request, result);
        return output.JobId is { } id
            ? new OarSubmission(site, id, result.Output)
            : throw new CommandFailedException("SubmissionFailed", $"oarsub at {site} named no job", result, site, TryAgain(site), ErrorKind.ProtocolError);
    }

    static G5kException Refused(string site, OarJobRequest request, OarSubmitOutput output)
    {
        DateTimeOffset? next = output.NextPossibleStart;
        var refusal = new G5kException("ReservationRefused", ErrorKind.ResourceBusy,
            $"OAR at {site} refuses the reservation of {request.Resources}: {output.RefusalReason ?? "no reason given"}.", site,
            next is { } date ? $"Start at that date (-Start '{Text.GridZone.Format(date)}'), or ask for fewer nodes." : "Choose another date or fewer nodes.");
        if (next is { } start) refusal.Data["NextPossibleStart"] = start;
        return refusal;
    }

    static CommandFailedException Failed(string site, OarJobRequest request, CommandResult result) => result.ExitStatus switch
    {
        NotEnoughResources when !result.Error.Contains("Bad resource request", StringComparison.Ordinal) => new("NoResource",
            $"{site} can never give {request.Resources}", result, site, $"Ask for fewer nodes or other clusters; what there is: Get-G5kCluster -Site {site}"),
        ServerUnreachable => new("SubmissionFailed", $"OAR's server at {site} cannot be reached", result, site, TryAgain(site), ErrorKind.ConnectionError),
        // Statuses above 245 are 256 - n: queue, rules, syntax. The low ones are bad options and dates.
        5 or 6 or 7 or NotEnoughResources or 14 or 15 or 16 or 17 or (>= 244 and < 255) => RefusedRequest(site, result),
        1 when result.Error.Contains("Unknown option", StringComparison.Ordinal) => RefusedRequest(site, result),
        255 when result.Error.Contains("/!\\", StringComparison.Ordinal) => RefusedRequest(site, result),
        _ => new("SubmissionFailed", $"oarsub failed at {site}", result, site, TryAgain(site)),
    };

    static CommandFailedException RefusedRequest(string site, CommandResult result) => new("SubmissionRefused", $"OAR at {site} refuses the job", result, site,
        "Correct what OAR's message names and submit again; -WhatIf shows the command.", ErrorKind.InvalidArgument);

    static string TryAgain(string site) => $"Try again in a minute; see https://www.grid5000.fr/status/ for incidents at {site}.";
}
