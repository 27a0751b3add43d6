using WaltG5k.Commands;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Base;

/// <summary>Which WalT server a cmdlet means: the one named, else the one connected to, else that of the deployment that is alive.</summary>
internal sealed class WaltTarget
{
    readonly G5kSession _session;
    readonly DeploymentInfo? _deployment;
    readonly WaltConnection? _connection;

    WaltTarget(G5kSession session, DeploymentInfo? deployment, WaltConnection? connection) => (_session, _deployment, _connection) = (session, deployment, connection);

    /// <exception cref="Core.G5kException"><c>NoDeployment</c>, <c>DeploymentNotFound</c>.</exception>
    public static WaltTarget Find(G5kCmdlet cmdlet, IReadOnlyList<DeploymentRef> deployments, WaltConnection? server)
    {
        if (server is not null) return new WaltTarget(cmdlet.Session, null, server);
        if (deployments.Count == 0 && cmdlet.Session.WaltConnection is { } current) return new WaltTarget(cmdlet.Session, null, current);
        return new WaltTarget(cmdlet.Session, DeploymentLookup.GetCurrent(cmdlet, deployments), null);
    }

    /// <param name="output">Gets the verbose messages; may be a job.</param>
    public WaltAccess Open(IOutput output)
    {
        WaltServer server = _connection?.Open(output) ?? new DeploymentService(new ReportedGrid(_session.Grid, output), output).OpenServer(_deployment!);
        return new WaltAccess(_session, _deployment, server);
    }
}
