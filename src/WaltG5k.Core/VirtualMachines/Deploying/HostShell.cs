using System.Collections.Concurrent;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>What a script printed on a host, and its status.</summary>
sealed record HostAnswer(DeployedHost Host, int Status, string Output, string Error)
{
    public bool IsSuccess => Status == 0;

    /// <summary>The end of what it said, for a message.</summary>
    public string Tail
    {
        get
        {
            string[] lines = [.. (Error + "\n" + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
            return string.Join("; ", lines.Take(3));
        }
    }

    /// <exception cref="G5kException">The code, with what the host said.</exception>
    public HostAnswer EnsureSuccess(string code, string what, string advice) =>
        IsSuccess ? this : throw new G5kException(code, ErrorKind.ResourceUnavailable,
        $"{Host.ShortName}: {what}: {(Tail.Length > 0 ? Tail : FormattableString.Invariant($"status {Status}"))}", Host.Name, advice);
}

/// <summary>Root's shell on the hosts of a deployment. What is sent may be sent twice: a connection that breaks is tried again.</summary>
sealed class HostShell(NodeExecutor executor, IGrid grid, bool isDeployed) : IAsyncDisposable
{
    const int Attempts = 3, AtOnce = 128;
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_connect = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim _slots = new(AtOnce);
    readonly ConcurrentDictionary<string, bool> _bySudo = new(StringComparer.Ordinal);

    /// <summary>Runs a text of the shell as root.</summary>
    /// <exception cref="G5kException"><c>HostUnreachable</c>, <c>HostRefuses</c>, <c>HostTimeout</c>.</exception>
    public async Task<HostAnswer> RunAsync(DeployedHost host, string script, TimeSpan timeout, CancellationToken cancellationToken,
        string? input = null, CommandEffect effect = CommandEffect.Change)
    {
        if (!isDeployed && !_bySudo.ContainsKey(host.Name)) await FindLoginAsync(host, cancellationToken).ConfigureAwait(false);
        return _bySudo.GetValueOrDefault(host.Name)
            ? await SendAsync(host, grid.User, $"sudo /bin/sh -c {PosixShell.Quote(script)}", timeout, input, effect, cancellationToken)
            .ConfigureAwait(false)
            : await SendAsync(host, "root", script, timeout, input, effect, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether root's rights come by sudo: then files are not written as root.</summary>
    public bool IsBySudo(DeployedHost host) => _bySudo.GetValueOrDefault(host.Name);

    /// <summary>
    /// A node that the user has deployed lets root in; in the standard environment sudo-g5k gives root's rights, where the job has the whole node.
    /// </summary>
    async Task FindLoginAsync(DeployedHost host, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(host, "root", "true", s_connect, null, CommandEffect.Read, cancellationToken).ConfigureAwait(false);
            _bySudo[host.Name] = false;
            return;
        }
        catch (G5kException e) when (e.Code == "HostRefuses") { /* then by sudo */ }
        (await SendAsync(host, grid.User, "sudo-g5k true", TimeSpan.FromSeconds(60), null, CommandEffect.Change, cancellationToken)
            .ConfigureAwait(false))
            .EnsureSuccess("HostWithoutRoot", "sudo-g5k gives no root",
            "Deploy the hosts: leave -NoDeploy out. Root is only for whole nodes of your own jobs.");
        _bySudo[host.Name] = true;
    }

    async Task<HostAnswer> SendAsync(DeployedHost host, string user, string script, TimeSpan timeout, string? input, CommandEffect effect,
        CancellationToken cancellationToken)
    {
        var target = new NodeTarget(host.Name, host.Site) { Address = host.Address, User = user };
        var command = NodeCommand.Script(script) with { Input = input, Effect = effect };
        var options = new NodeExecutionOptions { Spread = NodeSpread.Direct, ThrottleLimit = 1, Timeout = timeout, ConnectTimeout = s_connect };
        for (int attempt = 1; ; attempt++)
        {
            NodeCommandResult result;
            await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            try { result = (await executor.RunAllAsync([target], command, options, null, cancellationToken).ConfigureAwait(false))[0]; }
            finally { _slots.Release(); }
            switch (result.State)
            {
                case NodeCommandState.Succeeded or NodeCommandState.Failed:
                    return new HostAnswer(host, result.ExitStatus ?? 1, result.Output, result.Error);
                case NodeCommandState.TimedOut:
                    throw new G5kException("HostTimeout", ErrorKind.OperationTimeout,
                    FormattableString.Invariant($"{host.ShortName}: a command did not end within {timeout.TotalSeconds:0} s."), host.Name,
                        $"Look at it: ssh root@{host.SshName}");
                case NodeCommandState.AuthenticationFailed or NodeCommandState.HostKeyProblem:
                    throw new G5kException("HostRefuses", ErrorKind.PermissionDenied, $"{host.ShortName}: {result.Reason}.", host.Name,
                    result.Recommendation);
                case NodeCommandState.Unreachable when attempt < Attempts:
                    await Task.Delay(s_pause, grid.Time, cancellationToken).ConfigureAwait(false);
                    continue;
                default:
                    cancellationToken.ThrowIfCancellationRequested();
                    throw new G5kException("HostUnreachable", ErrorKind.ConnectionError, $"{host.ShortName} does not answer: {result.Reason}.",
                        host.Name, result.Recommendation);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await executor.DisposeAsync().ConfigureAwait(false);
        _slots.Dispose();
    }
}
