using System.Net;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;
using WaltG5k.Lab.Network;

namespace WaltG5k.Lab.Services;

/// <summary>
/// The two programs of the speculative root: its server, and the client for initramfs. They lie in a folder <c>bootfs</c> beside this module, or in
/// the one that WALTG5K_BOOTFS names; without them the lab has NFS only.
/// </summary>
static class BootFsPrograms
{
    public const string Server = "waltg5k-bootfs", Client = "waltg5k-bootfs-client";
    public const int Port = 5960;
    const string Variable = "WALTG5K_BOOTFS";

    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static string? FindServer() => Find(Server);
    public static string? FindClient() => Find(Client);

    public static IReadOnlyList<string> GetWords(string server, string images, string state) =>
        [server, "serve", "--images", images, "--state", state, "--listen",
        FormattableString.Invariant($"{new IPEndPoint(LabNetwork.Server, Port)}")];

    /// <summary>
    /// What the lab's server has for walt-bootfs: roots and initramfs are made with the images, so that switching an image on or off is a link.
    /// </summary>
    public static string GetControlScript(string? server, string images, string state) => $$"""
        #!/bin/sh
        set -eu
        folder=/var/lib/walt/images/${2:-}/fs/boot/pc-x86-64
        case ${1:-} in
            version) echo {{SpeculativePrograms.Version}} ;;
            install) ;;
            enable)
                [ -e "$folder/start-generic-bootfs.ipxe" ] || { echo "it was made without the client: New-WaltLabImage -Force" >&2; exit 4; }
                name=$(sed -n 's/.*bootfsroot=[^ ]*\/\([^ ]*\).*/\1/p' "$folder/start-generic-bootfs.ipxe")
                file={{PosixShell.Quote(images)}}/$name.squashfs
                digest=$({{PosixShell.Quote(server ?? "false")}} digest --state {{PosixShell.Quote(state)}} "$file" | cut -d' ' -f1)
                ln -sfn start-generic-bootfs.ipxe "$folder/start-generic.ipxe"
                echo "$2 $digest $(stat -L -c %s "$file")"
                ;;
            disable) ln -sfn start-generic-nfs3.ipxe "$folder/start-generic.ipxe" ;;
            list | remove) ;;
            *) exit 1 ;;
        esac

        """;

    /// <summary>The server's public key, made at the first call: a node takes its root from nobody else.</summary>
    /// <exception cref="G5kException"><c>LabBootFsKey</c>.</exception>
    public static async Task<string> GetKeyAsync(string server, string state, CancellationToken cancellationToken)
    {
        CommandResult result = await new LocalFrontend("lab")
            .RunAsync(new CommandRequest(server, "key", "--state", state) { Timeout = s_limit }, null, cancellationToken).ConfigureAwait(false);
        return result.EnsureSuccess("LabBootFsKey", "The key of the speculative root's server could not be made", state,
            $"Try it by hand: {server} key --state {state}").Output.Trim();
    }

    static string? Find(string program) => new[] { Environment.GetEnvironmentVariable(Variable), Path.Combine(AppContext.BaseDirectory, "bootfs"),
        Beside("bootfs"), Beside("../bootfs") }
        .OfType<string>().Where(f => f.Length > 0).Select(f => Path.GetFullPath(Path.Combine(f, program))).FirstOrDefault(File.Exists);

    static string Beside(string folder) => Path.Combine(Path.GetDirectoryName(typeof(BootFsPrograms).Assembly.Location) ?? "", folder);
}
