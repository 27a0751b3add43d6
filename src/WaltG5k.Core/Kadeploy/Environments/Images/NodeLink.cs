using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Root's ssh to a deployed node.</summary>
sealed class NodeLink(IFrontend frontend, string node, TimeProvider time)
{
    static readonly NodeExecutionOptions s_options = new();

    public NodeTarget Target { get; } = new(node, frontend.Site) { User = "root" };

    /// <summary>Runs a short command.</summary>
    public Task<CommandResult> RunAsync(string line, CancellationToken cancellationToken) =>
        frontend.Gate.Runner.RunAsync(SshOptions.Request(frontend.Gate, Target, s_options, line), null, cancellationToken);

    /// <summary>The words of an ssh that the front-end itself runs.</summary>
    public IReadOnlyList<string> OnFrontend(string line) =>
        [.. frontend.Gate.SshOnFrontend, .. SshOptions.For(s_options), "--", $"{Target.User}@{Target.Host}", line];

    /// <summary>A pipe of bytes to this machine.</summary>
    public NodePipe OpenPipe(TimeSpan timeout) => new(frontend.Gate, Target, SshOptions.For(s_options), timeout, time);

    /// <summary>The failure of ssh, or of what it ran.</summary>
    public G5kException Failed(CommandResult result) => Failed(result.ExitStatus, result.Error, result);

    public G5kException Failed(int status, string error, CommandResult? result = null)
    {
        if (error.Contains("No space left", StringComparison.Ordinal) || error.Contains("quota exceeded", StringComparison.OrdinalIgnoreCase))
        {
            return new G5kException("DiskFull", ErrorKind.QuotaExceeded, $"The image of {node} finds no space: {LastLine(error)}", node,
                "Free some space, or choose another folder. On a front-end see: quota -s; df -h ~. On the node: tgz-g5k writes nothing there but its output.");
        }
        if (status == SshFailures.Status)
        {
            NodeFailure failure = error.Contains("closed by remote host", StringComparison.Ordinal)
                ? NodeFailure.Lost(Target)
                : NodeFailure.Read(error, status, Target);
            if (failure.State == NodeCommandState.AuthenticationFailed)
            {
                return new G5kException("NodeNotDeployed", ErrorKind.PermissionDenied, $"Root cannot log in to {node}: {failure.Reason}.", node,
                    $"An image can be made of a deployed node only. Deploy it, with your key: Deploy-G5kNode {node} -Environment debian12-min");
            }
            return new G5kException("NodeUnreachable", ErrorKind.ConnectionError, $"{node}: {failure.Reason}", node, failure.Recommendation);
        }
        return result is null
            ? new G5kException("NodeImageFailed", ErrorKind.ResourceUnavailable,
            FormattableString.Invariant($"The image of {node} was not made: tgz-g5k ended with status {status}. {LastLine(error)}"), node,
            $"Try it: ssh root@{node} tgz-g5k | wc -c")
            : new CommandFailedException("NodeImageFailed", $"The image of {node} was not made", result, node,
            $"Try it: ssh root@{node} tgz-g5k | wc -c");
    }

    static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
        ?? "";
}
