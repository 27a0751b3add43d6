using System.Globalization;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Parameters;

/// <summary>A job of a site, written <c>nancy:2400001</c>.</summary>
public sealed record OarJobRef(string Site, long Id)
{
    /// <exception cref="FormatException">The text is not <c>site:id</c>.</exception>
    public static OarJobRef Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] pair = text.Split(':');
        return pair.Length == 2 && pair[0].Length > 0 && long.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0
            ? new OarJobRef(pair[0], id)
            : throw new FormatException($"'{text}' is not a job: write its site and number, such as nancy:2400001.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Site}:{Id}");
}

/// <summary>Jobs from <c>site:id</c>, comma lists of them, or job objects.</summary>
public sealed class OarJobConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).SelectMany(ToJobs).ToArray();

    static IEnumerable<OarJobRef> ToJobs(object item) => item switch
    {
        OarJobRef job => [job],
        ReservationJob job => [new OarJobRef(job.Site, job.JobId)],
        OarJob job => [new OarJobRef(job.Site, job.Id)],
        Reservation reservation => reservation.Jobs.Select(j => new OarJobRef(j.Site, j.JobId)),
        _ => $"{item}".Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(OarJobRef.Parse),
    };
}
