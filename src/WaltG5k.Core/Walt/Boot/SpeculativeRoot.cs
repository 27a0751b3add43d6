using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

/// <summary>
/// The speculative root on a WalT server, by root's shell there: an image that has been prepared for it has a boot script of its own beside those of NFS
/// and NBFS, and the one that nodes get is a link to one of them.
/// </summary>
sealed class SpeculativeRoot(WaltServer server)
{
    const string Script = "start-generic-bootfs.ipxe";
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <exception cref="G5kException"><c>SpeculativeRootMissing</c>: the image is not prepared; <c>ServerNotConfigured</c>, <c>WaltServerUnreachable</c>.</exception>
    public async Task ActivateAsync(WaltImageInfo image, string model, CancellationToken cancellationToken)
    {
        string folder = $"{NbfsServer.FolderOf(image)}/boot/{model}";
        if ((await RunAsync(new CommandRequest("test", "-e", $"{folder}/{Script}"), cancellationToken).ConfigureAwait(false)).ExitStatus != 0) throw Missing(image);
        (await RunAsync(new CommandRequest("ln", "-sfn", Script, $"{folder}/start-generic.ipxe") { Effect = CommandEffect.Change }, cancellationToken).ConfigureAwait(false))
            .EnsureSuccess("ServerNotConfigured", $"The speculative root could not be switched on {server.Host}", server.Host, $"ssh root@{server.Host} ls -l {folder}");
    }

    Task<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken) =>
        server.Shell.RunAsync(request with { Timeout = s_limit }, cancellationToken: cancellationToken);

    G5kException Missing(WaltImageInfo image) => new("SpeculativeRootMissing", ErrorKind.InvalidOperation,
        $"The image '{image.Name}' on {server.Host} is not prepared for the speculative root: it has no {Script}.", image.Name,
        "Boot with NFS: -RootFileSystem Nfs   (in a lab, make the image anew where waltg5k-bootfs is built: New-WaltLabImage -Force)");
}
