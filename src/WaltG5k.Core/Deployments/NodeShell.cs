using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Deployments;

/// <summary>Root's shell on a freshly deployed node, through ssh on its site's front-end.</summary>
sealed class NodeShell(IFrontend frontend, string host)
{
    // A node gets new host keys at each deployment, so that a known key would only ever be wrong.
    static readonly string[] s_ssh =
        ["ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10"];

    /// <summary>Runs one program with its arguments.</summary>
    public Task<CommandResult> RunAsync(IReadOnlyList<string> words, TimeSpan timeout, CancellationToken cancellationToken, string? input = null, CommandEffect effect = CommandEffect.Change) =>
        RunShellAsync(PosixShell.Join(words), timeout, cancellationToken, input, effect);

    /// <summary>Runs what the shell there understands; every word in it must be quoted already.</summary>
    public Task<CommandResult> RunShellAsync(string command, TimeSpan timeout, CancellationToken cancellationToken, string? input = null, CommandEffect effect = CommandEffect.Change) =>
        frontend.RunAsync(new CommandRequest([.. s_ssh, $"root@{host}", command])
        {
            Input = input,
            Timeout = timeout,
            Effect = effect,
        }, cancellationToken: cancellationToken);

    /// <summary>Writes a file; the command fails where the write does.</summary>
    public async Task WriteFileAsync(string path, string text, CancellationToken cancellationToken) =>
        (await RunAsync(["tee", path], TimeSpan.FromSeconds(60), cancellationToken, text).ConfigureAwait(false))
            .EnsureSuccess("ServerNotConfigured", $"{path} could not be written on {host}", host, $"Look at it: ssh root@{host}");
}
