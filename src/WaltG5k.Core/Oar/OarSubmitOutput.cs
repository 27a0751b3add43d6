using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>What oarsub has printed so far: rule lines of any kind, the ids, later the verdict on a reservation.</summary>
sealed partial class OarSubmitOutput
{
    readonly List<long> _jobIds = [];
    readonly List<string> _remarks = [];

    /// <summary>The ids of the jobs, as they were printed. OAR prints -5 for a job that was not made.</summary>
    public IReadOnlyList<long> JobIds => _jobIds;
    /// <summary>What OAR's rules said, without their mark, and other remarks.</summary>
    public IReadOnlyList<string> Remarks => _remarks;
    public bool? IsReservationValid { get; private set; }
    /// <summary>What stands in brackets after a refusal.</summary>
    public string? RefusalReason { get; private set; }

    /// <summary>Takes a line; the id that it gave.</summary>
    public long? Take(string line)
    {
        if (IdLine().Match(line) is { Success: true } id)
        {
            if (!long.TryParse(id.Groups[1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) || number <= 0
                || _jobIds.Contains(number)) return null;
            _jobIds.Add(number);
            return number;
        }
        if (Verdict().Match(line) is { Success: true } verdict)
        {
            IsReservationValid = !verdict.Groups["not"].Success;
            if (verdict.Groups["reason"] is { Success: true } reason) RefusalReason = reason.Value;
        }
        else if (_jobIds.Count == 0 && Remark().Match(line) is { Success: true } remark)
        {
            _remarks.Add(remark.Groups[1].Value);
        }
        return null;
    }

    /// <summary>The date at which OAR says that the reservation would be possible.</summary>
    public DateTimeOffset? NextPossibleStart =>
        RefusalReason is { } reason && Date().Match(reason) is { Success: true } date && GridZone.TryParse(date.Value, out DateTimeOffset start)
        ? start
        : null;

    [GeneratedRegex(@"^\s*OAR_JOB_ID=(-?[0-9]+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex IdLine();

    [GeneratedRegex(@"Reservation (?<not>not )?valid(?:[^(]*\((?<reason>.*)\))?", RegexOptions.CultureInvariant)]
    private static partial Regex Verdict();

    /// <summary>Rules mark their lines <c>[ADMISSION RULE]</c>, or with <c>#</c>; what start-up files print has no mark.</summary>
    [GeneratedRegex(@"^\s*(?:\[ADMISSION RULE\]|#(?!#))\s*(\S.*?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Remark();

    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
