using System.Globalization;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Rest;

/// <summary>Lists with pages and links.</summary>
static class RestLists
{
    const int MostItems = 500;

    public static Dictionary<string, object?> Jobs(RestCall call, Func<OarJob, Dictionary<string, object?>> describe) =>
        Page(call, [.. Select(call)], describe);

    public static Dictionary<string, object?> Resources(RestCall call, Func<ResourceRow, Dictionary<string, object?>> describe) =>
        Page(call, [.. call.Server.Table.Rows], describe);

    /// <summary>A list without pages.</summary>
    public static Dictionary<string, object?> All(RestCall call, IEnumerable<Dictionary<string, object?>> all)
    {
        Dictionary<string, object?>[] items = [.. all];
        if (items.Length == 0) return Empty();
        return new Dictionary<string, object?>
        {
            ["items"] = items, ["total"] = items.Length, ["offset"] = 0, ["links"] = (object?[])[RestDocuments.Link("self", call.Path)],
                ["api_timestamp"] = call.Now,
        };
    }

    static Dictionary<string, object?> Page<T>(RestCall call, T[] all, Func<T, Dictionary<string, object?>> describe)
    {
        if (all.Length == 0) return Empty();
        int? asked = Number(call, "limit");
        int limit = asked ?? MostItems, offset = Number(call, "offset") ?? 0;
        var links = new List<object?> { RestDocuments.Link("self", Href(call, offset)) };
        if (offset + limit < all.Length) links.Add(RestDocuments.Link("next", Href(call, offset + limit)));
        if (offset > 0) links.Add(RestDocuments.Link("previous", Href(call, Math.Max(0, offset - limit))));
        return new Dictionary<string, object?>
        {
            ["items"] = all.Skip(offset).Take(limit).Select(describe).ToList(), ["total"] = all.Length, ["offset"] = offset, ["links"] = links,
            ["api_timestamp"] = call.Now,
        };
    }

    static Dictionary<string, object?> Empty() =>
        new() { ["items"] = Array.Empty<object>(), ["total"] = 0, ["offset"] = 0, ["links"] = Array.Empty<object>() };

    // The parameters as they came, the offset last.
    static string Href(RestCall call, int offset)
    {
        IEnumerable<string> others = call.Query.AllKeys.OfType<string>().Where(k => k != "offset")
            .Select(k => $"{k}={Uri.EscapeDataString(call.Query[k] ?? "")}");
        return $"{call.Path}?{string.Join('&', others.Append(string.Create(CultureInfo.InvariantCulture, $"offset={offset}")))}";
    }

    static IEnumerable<OarJob> Select(RestCall call)
    {
        HashSet<string>? states = call.Query["state"] is { Length: > 0 } given ? [.. given.Split(',')] : null;
        HashSet<string>? ids = call.Query["ids"] is { Length: > 0 } list ? [.. list.Split(':')] : null;
        IEnumerable<OarJob> jobs = states is null && ids is null && call.Query["array"] is null && call.Query["from"] is null
            ? call.Server.OpenJobs : call.Server.Jobs.Values;
        // The database's view of jobs knows a reservation only from its first date on, which it gets as it is answered.
        return jobs.Where(j => j.Progress.Reservation != "toSchedule" && (states is null || states.Contains(j.State))
            && (ids is null || ids.Contains(Text(j.Id)))
            && (call.Query["user"] is not { Length: > 0 } user || j.User == user)
            && (call.Query["array"] is not { Length: > 0 } array || Text(j.ArrayId) == array)
            && IsWithin(j, LongNumber(call, "from"), LongNumber(call, "to")));
    }

    static bool IsWithin(OarJob job, long? from, long? to)
    {
        long start = job.Progress.StartTime > 0 ? job.Progress.StartTime : job.Progress.ScheduledStart ?? job.Submission.SubmissionTime;
        long stop = job.Progress.StopTime > 0 ? job.Progress.StopTime : start + job.Walltime;
        return (to is null || start <= to) && (from is null || stop >= from);
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    static int? Number(RestCall call, string name) =>
        int.TryParse(call.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    static long? LongNumber(RestCall call, string name) =>
        long.TryParse(call.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
