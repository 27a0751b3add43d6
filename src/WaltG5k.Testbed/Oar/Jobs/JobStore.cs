using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Oar.Jobs;

/// <summary>Jobs as JSON, so that a testbed that is opened again has them.</summary>
static class JobStore
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { IgnoreReadOnlyProperties = true };

    sealed record SavedJob(string Site, long Id, string State, Submission Submission, JobProgress Progress, IReadOnlyList<string>? Units);

    public static JsonNode Save(IEnumerable<OarServer> servers) =>
        JsonSerializer.SerializeToNode(servers.SelectMany(s => s.Jobs.Values.Select(j => Create(s, j))), s_json)!;

    /// <summary>Gives each job back to the server of its site; those of sites that are no more are forgotten.</summary>
    public static void Load(JsonNode state, IReadOnlyDictionary<string, OarServer> servers)
    {
        foreach (SavedJob saved in state.Deserialize<List<SavedJob>>(s_json) ?? [])
        {
            if (servers.TryGetValue(saved.Site, out OarServer? server)) server.Restore(Restore(server, saved));
        }
    }

    static SavedJob Create(OarServer server, OarJob job) => new(job.Site, job.Id, job.State, job.Submission, job.Progress,
        job.Units is null ? null : [.. server.Table.UnitsOf(job.Units).Select(u => u.ToString())]);

    static OarJob Restore(OarServer server, SavedJob saved)
    {
        var job = new OarJob(saved.Site, saved.Id, saved.Submission) { Progress = saved.Progress, State = saved.State };
        if (saved.Units is not null)
        {
            HashSet<string> names = [.. saved.Units];
            job.Assign(server.Table.Where(u => names.Contains(u.ToString())), server.Table);
        }
        return job;
    }
}
