using System.Collections;
using WaltG5k.Core.Kadeploy.Deploying;

namespace WaltG5k.Completers;

/// <summary>Completes how a macro-step is to be done: <c>BootNewEnvKexec:0:300</c>.</summary>
public sealed class KadeployStepCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        UsualSteps.All.Select(s => ($"{s}", $"{s.Instance} with {s.Retries} retries, {s.Timeout.TotalSeconds:0} s at most"));
}

/// <summary>Completes breakpoints: macro-steps, and micro-steps of those that people stop at.</summary>
public sealed class BreakpointCompleter : NameCompleter
{
    static readonly string[] s_broadcast = ["send_environment", "manage_admin_post_install", "manage_user_post_install", "check_kernel_files",
        "send_key", "install_bootloader", "sync"];
    static readonly string[] s_mini = ["create_partition_table", "format_deploy_part", "mount_deploy_part", "format_tmp_part", "format_swap_part"];
    static readonly string[] s_boot = ["switch_pxe", "umount_deploy_part", "kexec", "set_vlan", "wait_reboot"];

    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        Steps("BroadcastEnvKascade", s_broadcast).Concat(Steps("SetDeploymentMiniOSUntrusted", s_mini)).Concat(Steps("BootNewEnvKexec", s_boot));

    static IEnumerable<(string Name, string ToolTip)> Steps(string macro, string[] micros) =>
        micros.Select(m => ($"{macro}:{m}", $"stop before {m}")).Prepend((macro, $"stop before {macro}"));
}
