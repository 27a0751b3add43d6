using System.Globalization;
using System.Management.Automation;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Parameters;

/// <summary>A job of a site, written <c>nancy:2400001</c>.</summary>
/// <param name="Site">Empty for a bare number: the site is then the one that the command works at.</param>
public sealed record OarJobRef(string Site, long Id)
{
    /// <exception cref="FormatException">The text is not <c>site:id</c>.</exception>
    public static OarJobRef Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] pair = text.Split(':');
        return pair.Length == 2 && pair[0].Length > 0 && TryParseId(pair[1], out long id) ? new OarJobRef(pair[0], id) : throw NotAJob(text);
    }

    internal static bool TryParseId(string text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0;

    internal static FormatException NotAJob(object? value) => new($"'{value}' is not a job: write its site and number, such as nancy:2400001.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Site}{(Site.Length > 0 ? ":" : "")}{Id}");
}

/// <summary>Jobs from <c>site:id</c>, comma lists of them, or objects that stand for a job.</summary>
public sealed class OarJobConversionAttribute : ConversionAttribute
{
    /// <summary>Numbers without a site are taken too.</summary>
    public bool AllowsNumbers { get; set; }

    /// <summary>The parameter takes a single job, not a list.</summary>
    public bool IsSingle { get; set; }

    protected override object Convert(object value)
    {
        OarJobRef[] jobs = [.. Items(value).SelectMany(ToJobs)];
        if (jobs.Length == 0) throw OarJobRef.NotAJob(value);
        if (Array.Find(jobs, j => j.Site.Length == 0) is { } bare && !AllowsNumbers) throw OarJobRef.NotAJob(bare);
        if (!IsSingle) return jobs;
        return jobs.Length == 1 ? jobs[0] : throw new FormatException($"One job is wanted here, not {jobs.Length}.");
    }

    static IEnumerable<OarJobRef> ToJobs(object item) => item switch
    {
        OarJobRef job => [job],
        ReservationJob job => [new OarJobRef(job.Site, job.JobId)],
        OarJob job => [new OarJobRef(job.Site, job.Id)],
        Reservation reservation => reservation.Jobs.Select(j => new OarJobRef(j.Site, j.JobId)),
        string text => Parse(text),
        int or long => Parse(System.Convert.ToString(item, CultureInfo.InvariantCulture)!),
        _ => [FromProperties(PSObject.AsPSObject(item))],
    };

    static IEnumerable<OarJobRef> Parse(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(part => OarJobRef.TryParseId(part, out long id) ? new OarJobRef("", id) : OarJobRef.Parse(part));

    /// <summary>Anything that names a job: an object that came back from another process, a line of a CSV file.</summary>
    static OarJobRef FromProperties(PSObject item)
    {
        object? id = (item.Properties["JobId"] ?? item.Properties["Id"])?.Value;
        return OarJobRef.TryParseId(System.Convert.ToString(Unwrap(id), CultureInfo.InvariantCulture) ?? "", out long number)
            ? new OarJobRef($"{Unwrap(item.Properties["Site"]?.Value)}", number)
            : throw OarJobRef.NotAJob(item);
    }
}
