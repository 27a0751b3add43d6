using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar;

/// <summary>Jobs of other users, so that a fresh site is in use. They ask for little: most of every cluster stays free.</summary>
static class BackgroundLoad
{
    static readonly string[] s_users = ["alefevre", "bmoreau", "cgarnier", "dlambert", "erousseau"];
    static readonly string[] s_names = ["mpi-bench", "training", "storage-test", "netsim"];

    public static void AddTo(OarServer server, int count)
    {
        string[] clusters = [.. server.Table.Units.Select(u => u.Node?.Cluster).OfType<ClusterModel>()
            .Where(c => !c.IsExotic && (c.Queues.Count == 0 || c.Queues.Contains("default")) && c.Nodes.Count >= 4).Select(c => c.Name).Distinct()];
        if (clusters.Length == 0) return;
        for (int i = 0; i < count; i++)
        {
            Submission submission = server.Read(random => Create(clusters, random));
            if (server.Estimate(submission.Requests[0], submission.Properties, submission.Queue) is int rows) server.Submit([submission], rows);
        }
    }

    static Submission Create(string[] clusters, Random random)
    {
        string cluster = clusters[random.Next(clusters.Length)];
        string user = s_users[random.Next(s_users.Length)];
        int nodes = random.Next(1, 3), hours = random.Next(2, 9);
        ResourceRequest request = ResourceRequest.Parse($"{{(cluster='{cluster}') AND type = 'default'}}/nodes={nodes},walltime={hours}");
        return new Submission
        {
            User = user,
            Name = s_names[random.Next(s_names.Length)],
            Command = "./run.sh",
            Directory = $"/home/{user}",
            Types = random.Next(2) == 0 ? ["deploy"] : [],
            Properties = "((desktop_computing = 'NO') AND maintenance = 'NO') AND drain='NO'",
            Requests = [request],
            InitialRequest = $"oarsub -l {{cluster='{cluster}'}}/nodes={nodes},walltime={hours} ./run.sh",
        };
    }
}
