using System.Globalization;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt;

/// <summary>
/// The speculative root on a WalT server, beside its NFS, by root's shell there. What is done on the server is in one script of ours that is put
/// there, <c>walt-bootfs</c>: a service that serves roots, and for an image its root as one file, an initrd with the client, boot scripts that ask
/// for it.
/// </summary>
sealed class SpeculativeServer(WaltServer server)
{
    public const int DefaultPort = 5960;
    const string Folder = "/opt/waltg5k-bootfs";
    const string Program = Folder + "/walt-bootfs";

    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    /// <summary>Packages, and 5 MB of programs over a slow line.</summary>
    static readonly TimeSpan s_installLimit = TimeSpan.FromMinutes(5);
    /// <summary>A root of some GB is compressed and read once.</summary>
    static readonly TimeSpan s_imageLimit = TimeSpan.FromMinutes(15);

    /// <summary>Whether the service answers.</summary>
    public async Task<bool> IsActiveAsync(CancellationToken cancellationToken) =>
        (await RunAsync(new CommandRequest("systemctl", "is-active", "waltg5k-bootfs"), s_limit, cancellationToken)
        .ConfigureAwait(false)).ExitStatus == 0;

    /// <exception cref="G5kException"><c>SpeculativeServerMissing</c>.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (!await IsActiveAsync(cancellationToken).ConfigureAwait(false)) throw Missing();
    }

    /// <summary>Puts the programs there where they are not of this version, and starts the service.</summary>
    /// <param name="programFolder">Where the programs are on this machine; null: beside the module.</param>
    /// <exception cref="G5kException"><c>SpeculativeProgramsMissing</c>, <c>ServerNotConfigured</c>, <c>WaltServerUnreachable</c>.</exception>
    public async Task InstallAsync(int port, string? programFolder, CancellationToken cancellationToken)
    {
        CommandResult present = await RunAsync(new CommandRequest(Program, "version"), s_limit, cancellationToken).ConfigureAwait(false);
        if (present.ExitStatus != 0 || present.Output.Trim() != SpeculativePrograms.Version)
        {
            CommandRequest upload = new() { Input = SpeculativePrograms.Pack(programFolder), Effect = CommandEffect.Change,
                Timeout = s_installLimit };
            Ensure(await server.Shell.RunShellAsync($"mkdir -p {Folder} && base64 -d | tar -x -f - -C {Folder}", upload, cancellationToken)
                .ConfigureAwait(false));
        }
        Ensure(await ChangeAsync(s_installLimit, cancellationToken, "install", port.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false));
    }

    /// <summary>Makes the root of an image, and has its boot scripts ask for it.</summary>
    /// <exception cref="G5kException"><c>ImageNotMounted</c>, <c>ImageNotPreparable</c>, <c>ServerNotConfigured</c>.</exception>
    public async Task<WaltSpeculativeImage> EnableAsync(WaltImageInfo image, CancellationToken cancellationToken)
    {
        CommandResult result = await ChangeAsync(s_imageLimit, cancellationToken, "enable", image.Id).ConfigureAwait(false);
        if (result.ExitStatus == 3) throw NotMounted(image);
        if (result.ExitStatus == 4) throw NotPreparable(image, result);
        Ensure(result);
        return Parse(result.Output.Trim(), image) ?? throw new G5kException("ServerNotConfigured", ErrorKind.ProtocolError,
            $"The server {server.Host} answers something unknown for the root of '{image.Name}': {result.LastLines(1)}", image.Name,
            $"ssh root@{server.Host} {Program} list");
    }

    public async Task DisableAsync(WaltImageInfo image, CancellationToken cancellationToken) =>
        Ensure(await ChangeAsync(s_limit, cancellationToken, "disable", image.Id).ConfigureAwait(false));

    /// <summary>Undoes everything on the server.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        CommandResult present = await RunAsync(new CommandRequest(Program, "version"), s_limit, cancellationToken).ConfigureAwait(false);
        if (present.ExitStatus == 0) Ensure(await ChangeAsync(s_installLimit, cancellationToken, "remove").ConfigureAwait(false));
    }

    Task<CommandResult> ChangeAsync(TimeSpan limit, CancellationToken cancellationToken, params string[] words) =>
        RunAsync(new CommandRequest((IReadOnlyList<string>)[Program, .. words]) { Effect = CommandEffect.Change }, limit, cancellationToken);

    Task<CommandResult> RunAsync(CommandRequest request, TimeSpan limit, CancellationToken cancellationToken) =>
        server.Shell.RunAsync(request with { Timeout = limit }, cancellationToken: cancellationToken);

    WaltSpeculativeImage? Parse(string line, WaltImageInfo image) =>
        line.Split(' ') is [_, { Length: 64 } digest, string size]
        && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? new WaltSpeculativeImage(image.Name, digest, bytes) { ImageId = image.Id, Server = server.Host } : null;

    void Ensure(CommandResult result) => result.EnsureSuccess("ServerNotConfigured", $"The speculative root could not be set up on {server.Host}",
        server.Host,
        $"ssh root@{server.Host} journalctl -u waltg5k-bootfs -n 50");

    G5kException Missing() => new("SpeculativeServerMissing", ErrorKind.ResourceUnavailable,
        $"The WalT server {server.Host} serves no speculative roots.", server.Host,
        "Set it up: Enable-WaltSpeculativeBoot   (or boot with NFS: -RootFileSystem Nfs)");

    G5kException NotMounted(WaltImageInfo image) => new("ImageNotMounted", ErrorKind.InvalidOperation,
        $"The server {server.Host} has not mounted the image '{image.Name}': no node is given it.", image.Name,
        $"Give it to a node, its root is made then: Invoke-WaltNodeBoot NODE -Image {image.Name} -RootFileSystem Speculative");

    static G5kException NotPreparable(WaltImageInfo image, CommandResult result) => new("ImageNotPreparable", ErrorKind.InvalidArgument,
        $"The image '{image.Name}' cannot boot with a speculative root: {result.LastLines(1)}", image.Name, "Boot it with NFS: -RootFileSystem Nfs");
}
