using System.Management.Automation;
using WaltG5k.Host.Engine;

namespace WaltG5k.Host.Terminal;

/// <summary>
/// A deployment that a pipeline started and did not wait for goes on in this process, and the process must not end before it:
/// the connection refuses to be closed as long as it drives one, and says which.
/// </summary>
static class OpenDeployments
{
    const string Disconnect = "Disconnect-G5k", Refusal = "DeploymentsRunning";

    /// <returns>The exit code of the waiting; success when there was nothing to wait for.</returns>
    public static int WaitForAll(HostSession session, IHostStreams streams, CancellationToken ct)
    {
        if (!session.Commands.Contains(Disconnect)) return ExitCode.Success;
        int code = ExitCode.Success;
        string? before = null;
        while (code == ExitCode.Success && Next(session, ct) is { } id && id != before)
        {
            streams.Information(new InformationRecord(
                $"Waiting for the deployment {id}, which this process drives. Ctrl-C leaves it to Resume-WaltDeployment {id}.", Disconnect));
            code = session.Run($"Wait-WaltDeployment '{id}' | Out-Null", streams, ct);
            before = id;
        }
        return code;
    }

    static string? Next(HostSession session, CancellationToken ct)
    {
        var answer = new HostResult();
        session.Run(Disconnect, answer, ct);
        return answer.Errors.FirstOrDefault(e => e.FullyQualifiedErrorId.StartsWith(Refusal, StringComparison.Ordinal))?.TargetObject as string;
    }
}
