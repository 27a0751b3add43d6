using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Core.Deployments;

/// <summary>The hard reboot of WalT nodes through Kadeploy.</summary>
static class HardReboot
{
    /// <summary>
    /// Orders it without waiting: kareboot3 looks for the nodes in Grid'5000's own network, where these no longer are, so it would always fail in the
    /// end; the boot notification tells sooner and surer. For the same reason an earlier order may still be "under way", and is overridden.
    /// </summary>
    public static Task OrderAsync(KadeployClient kadeploy, IReadOnlyList<string> nodes, CancellationToken cancellationToken) =>
        kadeploy.RebootAsync(nodes, "hard", wait: false, force: true, cancellationToken);
}
