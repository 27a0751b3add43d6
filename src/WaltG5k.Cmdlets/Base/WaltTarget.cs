using WaltG5k.Commands;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Base;

/// <summary>Which WalT server a cmdlet means: the one named, else the one connected to, else that of the deployment that is alive.</summary>
internal sealed class WaltTarget
{
    readonly G5kSession _session;
    readonly DeploymentInfo? _deployment;
    readonly WaltConnection? _connection;

    WaltTarget(G5kSession session, DeploymentInfo? deployment, WaltConnection? connection) =>
        (_session, _deployment, _connection) = (session, deployment, connection);

    /// <exception cref="Core.G5kException"><c>NoDeployment</c>, <c>DeploymentNotFound</c>.</exception>
    public static WaltTarget Find(G5kCmdlet cmdlet, IReadOnlyList<DeploymentRef> deployments, WaltConnection? server)
    {
        if (server is not null) return new WaltTarget(cmdlet.Session, null, server);
        if (deployments.Count == 0 && cmdlet.Session.WaltConnection is { } current) return new WaltTarget(cmdlet.Session, null, current);
        return new WaltTarget(cmdlet.Session, DeploymentLookup.GetCurrent(cmdlet, deployments), null);
    }

    string Host => _connection?.ComputerName ?? _deployment!.Server ?? _deployment.Id;

    /// <param name="output">Gets the verbose messages; may be a job.</param>
    public WaltAccess Open(IOutput output) => new(_session, _deployment, OpenServer(output));

    /// <summary>Runs commands on the server's nodes, over the session's open shells.</summary>
    public NodeExecutor GetExecutor() => _session.WaltResources.GetExecutor(Host, OpenLasting);

    /// <summary>A client of the server that outlives the cmdlet, and therefore tells it nothing. The caller disposes it.</summary>
    public WaltServer OpenLasting() => OpenServer(SilentReporter.Instance);

    WaltServer OpenServer(IReporter reporter) =>
        _connection?.Open(reporter) ?? new DeploymentService(new ReportedGrid(_session.Grid, reporter), reporter).OpenServer(_deployment!);
}
