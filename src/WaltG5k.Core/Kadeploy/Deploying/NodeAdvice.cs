namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>What to do with a node after its deployment, by how that ended.</summary>
static class NodeAdvice
{
    /// <returns>Null: the node is ready.</returns>
    public static string? For(KadeployResult result) => result switch
    {
        { Status: KadeployNodeStatus.Breakpoint } =>
            $"Look at it as root: ssh root@{result.Node}. Kadeploy cannot go on from here: when you are done, deploy it again without -Breakpoint.",
        { IsOk: true } => null,
        { Status: KadeployNodeStatus.Lost } => $"See what Kadeploy says of it: Get-G5kNodeState {result.Node}",
        { Status: KadeployNodeStatus.Discarded } => $"Wait for the other operation, or look at it: Get-KadeployWorkflow -Site {result.Site}",
        { Status: KadeployNodeStatus.TimedOut } => $"Give it more time (-Timeout), or see where it stands: Get-G5kNodeState {result.Node}",
        { MicroStep: "wait_reboot" or "reboot" } =>
            $"Look at its console (Enter-G5kConsole {result.Node}), or reboot it hard: Restart-G5kNode {result.Node} -Level Hard",
        { MicroStep: "send_environment" or "decompress_environment" } =>
            "Check that the image exists, is of the right kind and fits on the partition; then deploy again.",
        { MicroStep: "manage_user_post_install" or "manage_admin_post_install" } =>
            "Check the post-installation script of the environment: a breakpoint shows what it found (-Breakpoint).",
        { MicroStep: "check_kernel_files" } =>
            "The description names a kernel or initrd that the image does not hold: Export-G5kEnvironment shows it.",
        _ => $"Deploy it again, or another node in its place (-Spare). If {result.Node} always fails, tell support-staff@lists.grid5000.fr.",
    };
}
