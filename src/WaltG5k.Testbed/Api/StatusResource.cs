using System.Globalization;
using System.Text.Json;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Api;

/// <summary>What the nodes and VLANs of a site do now.</summary>
sealed class StatusResource(TestbedWorld world)
{
    public ApiAnswer Get(ApiRequest request, SiteModel site)
    {
        bool withJobs = request.Asks("job_details", true);
        string[]? only = request.GetList("network_address");
        string[] queues = request.GetList("queues") ?? ["admin", "default"];
        bool withWaiting = request.Asks("waiting", true);
        lock (world.Sync)
        {
            JobModel[] jobs = [.. world.Jobs.Values.Where(j => j.Site == site.Name && IsAhead(j) && (withWaiting || !IsWaiting(j)))
                .OrderBy(j => j.Id)];
            return ApiAnswer.Item(request, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("uid", world.Time.GetUtcNow().ToUnixTimeSeconds());
                json.WriteLinks(request, $"/sites/{site.Name}/status", $"/sites/{site.Name}");
                // No node of the testbed has disks that can be reserved.
                if (request.Asks("disks", true)) WriteEmpty(json, "disks");
                if (request.Asks("vlans", true)) WriteVlans(json, site, jobs, withJobs);
                if (request.Asks("subnets", true)) WriteSubnets(json, site, jobs, withJobs);
                if (request.Asks("nodes", true)) WriteNodes(json,
                    site.Clusters.Where(c => IsShown(c, queues)).SelectMany(c => c.Nodes).Where(n => only is null || only.Contains(n.Name)), jobs,
                    withJobs);
                json.WriteEndObject();
            });
        }
    }

    // Clusters of the production queue are only shown to who asks for it.
    static bool IsShown(ClusterModel cluster, string[] queues) =>
        queues.Contains("all") || cluster.Queues.Count == 0 || cluster.Queues.Any(queues.Contains);

    static bool IsWaiting(JobModel job) => job.State is "Waiting" or "Hold" or "toAckReservation";

    static void WriteEmpty(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteEndObject();
    }

    static void WriteSubnets(Utf8JsonWriter json, SiteModel site, JobModel[] jobs, bool withJobs)
    {
        ILookup<string, JobModel> holders = jobs.SelectMany(j => j.Subnets, (job, subnet) => (job, subnet)).ToLookup(p => p.subnet, p => p.job);
        json.WriteStartObject("subnets");
        for (int number = 1; number <= ResourceTable.SubnetCount; number++)
        {
            string subnet = ResourceColumns.SubnetOf(site.Name, number);
            json.WriteStartObject(subnet);
            json.WriteString("hard", "alive");
            json.WriteString("soft", holders[subnet].Any(j => j.IsRunning) ? "busy" : "free");
            if (withJobs) WriteReservations(json, holders[subnet]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WriteVlans(Utf8JsonWriter json, SiteModel site, JobModel[] jobs, bool withJobs)
    {
        ILookup<VlanModel, JobModel> holders = jobs.SelectMany(j => j.Vlans, (job, vlan) => (job, vlan)).ToLookup(p => p.vlan, p => p.job);
        json.WriteStartObject("vlans");
        foreach (VlanModel vlan in site.Vlans.Values)
        {
            json.WriteStartObject(vlan.Id.ToString(CultureInfo.InvariantCulture));
            json.WriteString("hard", "alive");
            json.WriteString("soft", holders[vlan].Any(j => j.IsRunning) ? "busy" : "free");
            json.WriteString("type", vlan.Type);
            if (withJobs) WriteReservations(json, holders[vlan]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WriteNodes(Utf8JsonWriter json, IEnumerable<NodeModel> nodes, JobModel[] jobs, bool withJobs)
    {
        ILookup<NodeModel, JobModel> holders = jobs.SelectMany(j => j.Nodes, (job, node) => (job, node)).ToLookup(p => p.node, p => p.job);
        json.WriteStartObject("nodes");
        foreach (NodeModel node in nodes)
        {
            bool isAlive = node.OarState == "Alive";
            bool isBusy = isAlive && holders[node].Any(j => j.IsRunning);
            int cores = node.Cluster.Cores;
            json.WriteStartObject(node.Name);
            json.WriteString("hard", node.IsStandby ? "standby" : node.OarState.ToLowerInvariant());
            json.WriteString("soft", isBusy ? "busy" : isAlive ? "free" : "unknown");
            json.WriteNull("comment");
            json.WriteNumber("free_slots", isAlive && !isBusy ? cores : 0);
            json.WriteNumber("freeable_slots", 0);
            json.WriteNumber("busy_slots", isBusy ? cores : 0);
            if (withJobs) WriteReservations(json, holders[node]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WriteReservations(Utf8JsonWriter json, IEnumerable<JobModel> jobs)
    {
        json.WriteStartArray("reservations");
        foreach (JobModel job in jobs)
        {
            json.WriteStartObject();
            JobResources.WriteFields(json, job, inStatus: true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static bool IsAhead(JobModel job) => job.State is not ("Terminated" or "Error");
}
