using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt.Shell;

namespace WaltG5k.Core.Deployments;

/// <summary>Root's shell on a freshly deployed node, through ssh on its site's front-end.</summary>
sealed class NodeShell(IFrontend frontend, string host)
{
    readonly ServerFrontend _root = new(frontend, host);

    /// <summary>Runs one program with its arguments.</summary>
    public Task<CommandResult> RunAsync(IReadOnlyList<string> words, TimeSpan timeout, CancellationToken cancellationToken, string? input = null,
        CommandEffect effect = CommandEffect.Change) =>
        _root.RunAsync(new CommandRequest(words) { Input = input, Timeout = timeout, Effect = effect }, cancellationToken: cancellationToken);

    /// <summary>Writes a file; the command fails where the write does.</summary>
    public async Task WriteFileAsync(string path, string text, CancellationToken cancellationToken) =>
        (await RunAsync(["tee", path], TimeSpan.FromSeconds(60), cancellationToken, text).ConfigureAwait(false))
            .EnsureSuccess("ServerNotConfigured", $"{path} could not be written on {host}", host, $"Look at it: ssh root@{host}");
}
