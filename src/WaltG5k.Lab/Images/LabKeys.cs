using WaltG5k.Core.Frontends;

namespace WaltG5k.Lab.Images;

/// <summary>
/// The keys of a lab, made once: root's on the server, who may log in on nodes, and the host key that all images share, as WalT's do.
/// </summary>
static class LabKeys
{
    /// <summary>How ssh knows every node.</summary>
    public const string HostAlias = "walt.node";

    public static async Task EnsureAsync(LabFolder folder, CancellationToken cancellationToken)
    {
        foreach (string key in new[] { folder.NodeKey, folder.HostKey }.Where(k => !File.Exists(k)))
        {
            CommandResult result = await new LocalFrontend("lab")
                .RunAsync(new CommandRequest("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "walt-lab", "-f", key)
            {
                Effect = CommandEffect.Change,
            }, null, cancellationToken).ConfigureAwait(false);
            result.EnsureSuccess("LabKeyNotMade", "A key of the lab could not be made", key, "Is there space, and may you write there?");
        }
    }

    /// <summary>The line of <c>known_hosts.nodes</c>.</summary>
    public static string GetKnownHosts(LabFolder folder) => $"{HostAlias} {File.ReadAllText(folder.HostKey + ".pub").Trim()}\n";
}
