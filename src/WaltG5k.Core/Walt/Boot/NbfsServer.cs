using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

/// <summary>NBFS on a WalT server, by root's shell there: what it takes, and how it is switched on.</summary>
sealed class NbfsServer(WaltServer server)
{
    /// <summary>The tag of NBFS among the features of server and image; the number goes up with its protocol.</summary>
    const string Feature = "nbfs2";
    const string Specification = "/etc/walt/server.spec";
    const string Socket = "/run/nbfsd/ctl.sock";
    const string Exports = "/etc/nbfsd/exports.d/walt.exports";

    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static string FolderOf(WaltImageInfo image) => $"/var/lib/walt/images/{image.Id}/fs";

    /// <summary>Makes sure that the daemon runs and that the server activates NBFS in images that it mounts from now on.</summary>
    /// <exception cref="G5kException"><c>NbfsServerMissing</c>, <c>ServerNotConfigured</c>, <c>WaltServerUnreachable</c>.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!await HasDaemonAsync(cancellationToken).ConfigureAwait(false)) throw Missing();
        JsonObject specification = ReadObject(await ReadAsync(Specification, cancellationToken).ConfigureAwait(false));
        if (specification["features"] is not JsonArray features) specification["features"] = features = [];
        if (features.Any(f => f?.GetValueKind() == JsonValueKind.String && f.GetValue<string>() == Feature)) return;
        features.Add((JsonNode)Feature);
        await ChangeAsync(new CommandRequest("tee", Specification) { Input = specification.ToJsonString() + "\n" }, cancellationToken)
            .ConfigureAwait(false);
        await ChangeAsync(new CommandRequest("systemctl", "kill", "--kill-who=main", "--signal=HUP", "walt-server"), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Whether the control socket is there by which the server tells the daemon what to export.</summary>
    public async Task<bool> HasDaemonAsync(CancellationToken cancellationToken) =>
        (await RunAsync(new CommandRequest("test", "-S", Socket), cancellationToken).ConfigureAwait(false)).ExitStatus == 0;

    /// <summary>The command that switches a mounted image to NBFS; null when it has no client.</summary>
    public async Task<string?> FindClientAsync(WaltImageInfo image, CancellationToken cancellationToken)
    {
        JsonObject specification = ReadObject(await ReadAsync($"{FolderOf(image)}/etc/walt/image.spec", cancellationToken).ConfigureAwait(false));
        return specification["features"] is JsonObject features && features[Feature] is JsonValue command && command.TryGetValue(out string? text)
            ? text
            : null;
    }

    /// <summary>Whether the daemon's list of exports has the image.</summary>
    public async Task<bool> IsExportedAsync(WaltImageInfo image, CancellationToken cancellationToken) =>
        (await ReadAsync(Exports, cancellationToken).ConfigureAwait(false))?.Contains(FolderOf(image) + " ", StringComparison.Ordinal) == true;

    /// <summary>
    /// Switches the boot scripts of a mounted image to NBFS by the image's own command, as the server does when it mounts it: mounting it anew would
    /// pull the root file system from under the nodes that run on it.
    /// </summary>
    /// <exception cref="G5kException"><c>NbfsClientMissing</c>, <c>NbfsNotExported</c>, <c>ServerNotConfigured</c>.</exception>
    public async Task ActivateAsync(WaltImageInfo image, CancellationToken cancellationToken)
    {
        string command = await FindClientAsync(image, cancellationToken).ConfigureAwait(false) ?? throw ClientMissing(image);
        if (!await IsExportedAsync(image, cancellationToken).ConfigureAwait(false)) throw NotExported(image);
        await ChangeAsync(new CommandRequest("chroot", FolderOf(image), command), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Links the boot script of a mounted image back to NFS.</summary>
    public Task DeactivateAsync(WaltImageInfo image, string model, CancellationToken cancellationToken) =>
        ChangeAsync(new CommandRequest("ln", "-sfn", "start-generic-nfs3.ipxe", $"{FolderOf(image)}/boot/{model}/start-generic.ipxe"),
        cancellationToken);

    Task<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken) =>
        server.Shell.RunAsync(request with { Timeout = s_limit }, cancellationToken: cancellationToken);

    async Task<string?> ReadAsync(string path, CancellationToken cancellationToken) =>
        await RunAsync(new CommandRequest("cat", path), cancellationToken).ConfigureAwait(false) is { ExitStatus: 0 } result ? result.Output : null;

    async Task ChangeAsync(CommandRequest request, CancellationToken cancellationToken) =>
        (await RunAsync(request with { Effect = CommandEffect.Change }, cancellationToken).ConfigureAwait(false))
            .EnsureSuccess("ServerNotConfigured", $"NBFS could not be switched on {server.Host}", server.Host,
            $"ssh root@{server.Host} journalctl -u walt-server -n 50");

    /// <summary>A specification that cannot be read offers nothing; WalT takes it so too.</summary>
    static JsonObject ReadObject(string? text)
    {
        try
        {
            return text is null ? [] : JsonNode.Parse(text) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    G5kException Missing() => new("NbfsServerMissing", ErrorKind.ResourceUnavailable,
        $"The WalT server {server.Host} cannot serve NBFS: there is no {Socket}. nbfsd is not public; only some environments of WalT's author have it.", server.Host,
        $"Boot with NFS, or start the daemon where it is installed: ssh root@{server.Host} systemctl start nbfsd");

    static G5kException ClientMissing(WaltImageInfo image) => new("NbfsClientMissing", ErrorKind.InvalidArgument,
        $"The image '{image.Name}' has no NBFS client: its /etc/walt/image.spec does not offer {Feature}.", image.Name,
        "Boot an image made from a recent default image of WalT (Debian or Alpine for PCs have it), or with NFS: -RootFileSystem Nfs");

    G5kException NotExported(WaltImageInfo image) => new("NbfsNotExported", ErrorKind.ResourceUnavailable,
        $"The WalT server {server.Host} does not export the image '{image.Name}' by NBFS: {Exports} does not name it.", image.Name,
        $"ssh root@{server.Host} cat {Exports}");
}
