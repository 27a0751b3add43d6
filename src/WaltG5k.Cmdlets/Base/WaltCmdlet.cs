using System.Management.Automation;
using WaltG5k.Commands;
using WaltG5k.Completers;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Base;

/// <summary>A cmdlet that works on a WalT server.</summary>
public abstract class WaltCmdlet : G5kCmdlet
{
    WaltTarget? _target;

    /// <summary>The deployment whose server is meant; by default the one that is alive.</summary>
    [Parameter]
    [DeploymentConversion]
    [ArgumentCompleter(typeof(DeploymentCompleter))]
    public DeploymentRef[] Deployment { get; set; } = [];

    /// <summary>A server that Connect-WaltServer reached.</summary>
    [Parameter]
    public WaltConnection? Server { get; set; }

    /// <summary>A client of the server that is meant.</summary>
    /// <exception cref="Core.G5kException"><c>NoDeployment</c>.</exception>
    internal WaltAccess OpenWalt() => (_target ??= WaltTarget.Find(this, Deployment, Server)).Open(this);

    /// <summary>A client that outlives the cmdlet: the caller disposes it.</summary>
    internal WaltServer OpenLastingServer() => (_target ??= WaltTarget.Find(this, Deployment, Server)).OpenLasting();
}

/// <summary>A cmdlet that works on many things of a WalT server at once, and may take minutes.</summary>
public abstract class WaltWaitingCmdlet : WaitingCmdlet
{
    WaltTarget? _target;

    /// <summary>The deployment whose server is meant; by default the one that is alive.</summary>
    [Parameter]
    [DeploymentConversion]
    [ArgumentCompleter(typeof(DeploymentCompleter))]
    public DeploymentRef[] Deployment { get; set; } = [];

    /// <summary>A server that Connect-WaltServer reached.</summary>
    [Parameter]
    public WaltConnection? Server { get; set; }

    /// <exception cref="Core.G5kException"><c>NoDeployment</c>.</exception>
    internal void FindWalt() => _target ??= WaltTarget.Find(this, Deployment, Server);

    /// <param name="output">Gets the verbose messages; may be a job.</param>
    internal WaltAccess OpenWalt(IOutput output)
    {
        FindWalt();
        return _target!.Open(output);
    }

    /// <summary>Runs commands on nodes of the server that is meant, over the session's open shells.</summary>
    internal Core.Execution.NodeExecutor GetExecutor()
    {
        FindWalt();
        return _target!.GetExecutor();
    }
}
