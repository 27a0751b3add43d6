using System.Globalization;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>The jobs behind what a user gives as hosts: reservations, jobs, or nodes of running jobs of his own.</summary>
internal static class VMHostSource
{
    /// <returns>Null: nothing was given, and hosts are to be reserved. The nodes are empty where all of the jobs are meant.</returns>
    /// <exception cref="G5kException"><c>NodeNotReserved</c>, and what adopting says.</exception>
    public static async Task<(Reservation? Jobs, IReadOnlyList<string> Nodes)> FindAsync(G5kCmdlet cmdlet, IReadOnlyList<object> given,
        IReadOnlyList<OarJobRef> jobs, CancellationToken cancellationToken)
    {
        if (given is [Reservation whole] && jobs.Count == 0) return (whole, []);
        var wanted = new HashSet<(string Site, long Id)>(jobs.Select(j => (j.Site, j.Id)));
        var nodes = new List<string>();
        foreach (object item in given)
        {
            switch (item)
            {
                case Reservation reservation: wanted.UnionWith(reservation.Jobs.Select(j => (j.Site, j.JobId))); break;
                case ReservationJob job: wanted.Add((job.Site, job.JobId)); break;
                case OarJob job: wanted.Add((job.Site, job.Id)); break;
                case NodeInfo node: nodes.Add(node.Name); break;
                case OarJobRef job: wanted.Add((job.Site, job.Id)); break;
                default: nodes.AddRange(NodeNames.Expand(Convert.ToString(item, CultureInfo.InvariantCulture) ?? "")); break;
            }
        }
        nodes = [.. nodes.Select(Full)];
        foreach (IGrouping<string, string> site in nodes.GroupBy(n => n.Split('.')[1], StringComparer.Ordinal))
            wanted.UnionWith(await JobsOfAsync(cmdlet, site.Key, [.. site], cancellationToken).ConfigureAwait(false));
        return wanted.Count == 0 ? (null, []) : (await cmdlet.Reservations.AdoptAsync([.. wanted], null, cancellationToken).ConfigureAwait(false),
            nodes);
    }

    static string Full(string node) => node.Split('.') switch
    {
        [_, _, "grid5000", "fr"] => node,
        [var name, var site] => $"{name}.{site}.grid5000.fr",
        _ => throw VMDeploymentFailures.NodeNotReserved(node),
    };

    static async Task<IEnumerable<(string, long)>> JobsOfAsync(G5kCmdlet cmdlet, string site, HashSet<string> nodes,
        CancellationToken cancellationToken)
    {
        var jobs = new List<(string, long)>();
        var left = new HashSet<string>(nodes, StringComparer.OrdinalIgnoreCase);
        await foreach (OarJob job in OarClient.For(cmdlet.Grid, site).GetJobsAsync(new OarJobQuery { User = cmdlet.Grid.User }, cancellationToken)
            .ConfigureAwait(false))
        {
            if (job.State != OarJobState.Running || !job.Nodes.Any(left.Contains)) continue;
            jobs.Add((site, job.Id));
            left.ExceptWith(job.Nodes);
        }
        return left.Count == 0 ? jobs : throw VMDeploymentFailures.NodeNotReserved(left.First());
    }
}
