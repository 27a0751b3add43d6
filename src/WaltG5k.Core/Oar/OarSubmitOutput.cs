using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>What oarsub has printed so far on its standard output: rule lines of any kind, the id, later the verdict on a reservation.</summary>
sealed partial class OarSubmitOutput
{
    /// <summary>The id of the job, once printed. OAR prints -5 for a job that was not made.</summary>
    public long? JobId { get; private set; }
    public bool? IsReservationValid { get; private set; }
    /// <summary>What stands in brackets after a refusal.</summary>
    public string? RefusalReason { get; private set; }

    /// <summary>Takes a line; true when it gave the id.</summary>
    public bool Take(string line)
    {
        if (JobId is null && IdLine().Match(line) is { Success: true } id
            && long.TryParse(id.Groups[1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number > 0)
        {
            JobId = number;
            return true;
        }
        if (Verdict().Match(line) is { Success: true } verdict)
        {
            IsReservationValid = !verdict.Groups["not"].Success;
            if (verdict.Groups["reason"] is { Success: true } reason) RefusalReason = reason.Value;
        }
        return false;
    }

    /// <summary>The date at which OAR says that the reservation would be possible.</summary>
    public DateTimeOffset? NextPossibleStart =>
        RefusalReason is { } reason && Date().Match(reason) is { Success: true } date && GridZone.TryParse(date.Value, out DateTimeOffset start) ? start : null;

    [GeneratedRegex(@"^\s*OAR_JOB_ID=(-?[0-9]+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex IdLine();

    [GeneratedRegex(@"Reservation (?<not>not )?valid(?:[^(]*\((?<reason>.*)\))?", RegexOptions.CultureInvariant)]
    private static partial Regex Verdict();

    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
