using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>An environment to put on nodes of one or several sites, and how hard to try.</summary>
public sealed record NodeDeploymentRequest
{
    /// <summary>Full names: <c>gros-1.nancy.grid5000.fr</c>.</summary>
    public required IReadOnlyList<string> Nodes { get; init => field = value.Distinct(StringComparer.OrdinalIgnoreCase).ToArray(); }

    /// <summary>What is deployed and how; its nodes are left out of account. Its time limit is that of one attempt at a site.</summary>
    public required KadeployRequest Order { get; init; }

    /// <summary>Nodes that may take the place of those that fail at their site.</summary>
    public IReadOnlyList<string> Spares { get; init => field = value.AsArray(); } = [];

    /// <summary>With at least this many good nodes, failed ones are no error. Null: each failed node that no spare replaces is one.</summary>
    public int? MinNodes { get; init; }

    /// <summary>How often a node that failed is deployed again.</summary>
    public int Retries { get; init; }

    /// <summary>Sites at which is deployed at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;
}

/// <summary>What is ordered from the Kadeploy of one site.</summary>
/// <param name="Spares">Nodes that are deployed only when others fail.</param>
public sealed record SiteDeploymentPlan(string Site, IReadOnlyList<string> Nodes, IReadOnlyList<string> Spares, KadeployRequest Order)
{
    /// <summary>The request as it will be sent to the API.</summary>
    /// <exception cref="G5kException"><c>NotByApi</c>, <c>InvalidKadeployRequest</c>.</exception>
    public string GetApiCall() => ApiOrder.Describe(Site, Order);

    /// <summary>The command as it will be run.</summary>
    /// <exception cref="G5kException"><c>InvalidKadeployRequest</c>.</exception>
    public string GetCommandLine()
    {
        KadeployKey? key = Order.Key?.Text is null ? Order.Key : new KadeployKey(CommandChannel.KeyFile);
        return PosixShell.Join(KadeployCommandLine.Deploy(Order with { Key = key }, KadeployForm.Current));
    }
}
