using System.Globalization;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>
/// The steps of a deployment: a small system over PXE, the image by a chain of copies, the new system by kexec or else a hard reboot. Each macro-step
/// has instances; the request may choose others than the site does.
/// </summary>
internal static class DeploymentAutomaton
{
    static readonly TimeSpan s_miniSystemLimit = TimeSpan.FromSeconds(200);
    static readonly TimeSpan s_newSystem = TimeSpan.FromSeconds(62);
    static readonly TimeSpan s_newSystemLimit = TimeSpan.FromSeconds(120);

    static readonly string[] s_first = ["Untrusted", "Trusted", "UntrustedCustomPreInstall", "Kexec", "Nfsroot", "Dummy"];
    static readonly string[] s_broadcasts = ["Kascade", "Chain", "Kastafior", "Tree", "Bittorrent", "Custom", "Dummy"];
    static readonly string[] s_boots = ["Kexec", "Classical", "HardReboot", "Dummy"];

    /// <summary>The first macro-step has another name since version 3.8.</summary>
    public static string FirstKind(bool isOld) => isOld ? "SetDeploymentEnv" : "SetDeploymentMiniOS";

    /// <summary>Names of macro-steps and of their instances.</summary>
    public static IEnumerable<string> Names(bool isOld) =>
    [
        FirstKind(isOld), "BroadcastEnv", "BootNewEnv", .. s_first.Select(n => FirstKind(isOld) + n),
            .. s_broadcasts.Select(n => "BroadcastEnv" + n), .. s_boots.Select(n => "BootNewEnv" + n),
    ];

    public static IReadOnlyList<MacroStep> Plan(Deployment deployment, int nodes)
    {
        DeploymentRequest request = deployment.Request;
        if (request.Steps.Count > 0)
            return [.. request.Steps.Select(s => Create(deployment, s.Kind, s.Instance, nodes) with { Retries = s.Retries,
                Timeout = TimeSpan.FromSeconds(s.Timeout) })];
        string first = FirstKind(request.IsOld);
        string boot = request.IsOld || !request.UsesKexec ? "Classical" : "Kexec";
        return
        [
            Create(deployment, first, first + "Untrusted", nodes), Create(deployment, "BroadcastEnv", "BroadcastEnvKascade", nodes),
            Create(deployment, "BootNewEnv", "BootNewEnv" + boot, nodes), Create(deployment, "BootNewEnv", "BootNewEnvHardReboot", nodes),
        ];
    }

    static MacroStep Create(Deployment deployment, string kind, string instance, int nodes)
    {
        string variant = instance[kind.Length..];
        return (kind, variant) switch
        {
            (_, "Dummy") => new MacroStep(kind, instance, [deployment.World.Timed("dummy", 1), deployment.World.Timed("dummy", 1)]),
            ("BroadcastEnv", _) when s_broadcasts.Contains(variant) => Broadcast(deployment, instance),
            ("BootNewEnv", _) when s_boots.Contains(variant) => Boot(deployment, instance, variant, nodes),
            _ when s_first.Contains(variant) => SetMiniSystem(deployment, kind, instance, variant, nodes),
            _ => throw RequestException.Option("automata", $"Invalid macrostep instance '{instance}'"),
        };
    }

    static MacroStep SetMiniSystem(Deployment deployment, string kind, string instance, string variant, int nodes)
    {
        (TestbedWorld world, DeploymentRequest request) = (deployment.World, deployment.Request);
        bool kexecs = variant == "Kexec";
        TimeSpan limit = request.ClassicalLimit?.Invoke(nodes) ?? s_miniSystemLimit;
        Selection steps = new();
        if (!kexecs) steps.Add(world.Timed("switch_pxe", 1));
        steps.Add(world.Timed("set_vlan", 3, n => deployment.SetVlan(n, "DEFAULT")), request.Vlan is not null);
        if (kexecs)
        {
            steps.Add(world.Timed("send_deployment_kernel", 2));
            steps.Add(world.Timed("sync", 1));
            steps.Add(world.Timed("kexec", 3, deployment.Begin) with { Command = "kexec -e" });
        }
        else
        {
            steps.Add(world.Timed("reboot", 2, deployment.Begin) with { Detail = n => $"Performing a soft reboot on {HostPattern.Fold(n)}",
                Command = "/sbin/reboot" });
        }
        steps.Add(world.WaitReboot(kexecs ? s_newSystem : BootDurations.Firmware, limit, deployment.FailsToStart));
        steps.Add(world.Timed("send_key_in_deploy_env", 1) with { Command = "cat - >>/root/.ssh/authorized_keys" }, request.SendsKeys);
        if (variant == "UntrustedCustomPreInstall") steps.Add(world.Timed("manage_admin_pre_install", 5));
        else
        {
            steps.Add(world.Timed("create_partition_table", 3) with { Command = "parted -s /dev/disk0 mklabel gpt" }, request.PartitionsDisk);
            steps.Add(world.Timed("format_deploy_part", 5) with { Command = "mkfs -t ext4 -q -F /dev/disk0p3" });
            steps.Add(world.Timed("mount_deploy_part", 1) with { Command = "mount /dev/disk0p3 /mnt/dest" });
            steps.Add(world.Timed("format_tmp_part", 4) with { Command = "mkfs -t ext4 -q -F /dev/disk0p5" }, request.FormatsTmp);
            steps.Add(world.Timed("format_swap_part", 1) with { Command = "mkswap /dev/disk0p1" });
        }
        return steps.ToMacroStep(kind, instance);
    }

    static MacroStep Broadcast(Deployment deployment, string instance)
    {
        (TestbedWorld world, DeploymentRequest request) = (deployment.World, deployment.Request);
        Selection steps = new();
        steps.Add(world.Timed("send_environment", 58, deployment.Install) with
        {
            Conclude = time => string.Create(CultureInfo.InvariantCulture, $"Broadcast time: {Math.Round(time.TotalSeconds):0}s"),
            Command = "tar -x --zstd -C /mnt/dest",
        });
        steps.Add(world.Timed("decompress_environment", 10), false);
        steps.Add(world.Timed("mount_deploy_part", 1), false);
        steps.Add(world.Timed("manage_admin_post_install", 5), false);
        steps.Add(world.Timed("manage_user_post_install", 13) with { Command = "g5k-postinstall --net debian" });
        steps.Add(world.Timed("check_kernel_files", 1));
        steps.Add(world.Timed("send_key", 1) with { Command = "cat - >>/mnt/dest/root/.ssh/authorized_keys" }, request.SendsKeys);
        steps.Add(world.Timed("install_bootloader", 4) with { Command = "grub-install /dev/disk0" }, request.InstallsBootloader);
        steps.Add(world.Timed("sync", 2) with { Command = "sync" });
        return steps.ToMacroStep("BroadcastEnv", instance);
    }

    static MacroStep Boot(Deployment deployment, string instance, string variant, int nodes)
    {
        (TestbedWorld world, DeploymentRequest request) = (deployment.World, deployment.Request);
        TimeSpan full = BootDurations.Firmware + BootDurations.LocalSystem;
        TimeSpan fullLimit = request.ClassicalLimit?.Invoke(nodes) ?? s_newSystemLimit + BootDurations.Firmware;
        Selection steps = new();
        steps.Add(world.Timed("switch_pxe", 1));
        if (variant != "HardReboot") steps.Add(world.Timed("umount_deploy_part", 1) with { Command = "umount /mnt/dest" });
        switch (variant)
        {
            case "Kexec":
                steps.Add(world.Timed("mount_deploy_part", 1));
                steps.Add(world.Timed("kexec", 3) with { Command = "kexec -e" });
                break;
            case "Classical":
                steps.Add(world.Timed("reboot_from_deploy_env", 2) with { Command = "/sbin/reboot" });
                break;
            default:
                steps.Add(world.Timed("reboot", 3, deployment.CountHardReboots) with
                { Detail = n => $"Performing a hard reboot on {HostPattern.Fold(n)}" });
                break;
        }
        steps.Add(world.Timed("set_vlan", 3, n => deployment.SetVlan(n, request.Vlan!)), request.Vlan is not null);
        steps.Add(variant == "Kexec"
            ? world.WaitReboot(s_newSystem, request.KexecLimit?.Invoke(nodes) ?? s_newSystemLimit,
            n => world.Faults.Strikes(FaultNames.NodeKexecFails, NodeLife.NamesOf(n)))
            : world.WaitReboot(full, fullLimit, world.NodeLife.IsBroken));
        return steps.ToMacroStep("BootNewEnv", instance);
    }

    /// <summary>Steps in their order, some of which the request does not need.</summary>
    sealed class Selection
    {
        /// <summary>The order in which Kadeploy looks for steps that are not needed.</summary>
        static readonly string[] s_order =
        [
            "decompress_environment", "mount_deploy_part", "send_key_in_deploy_env", "send_key", "create_partition_table", "format_tmp_part",
                "install_bootloader",
            "manage_admin_post_install", "set_vlan",
        ];

        readonly List<MicroStep> _steps = [];
        readonly List<string> _bypassed = [];

        public void Add(MicroStep step, bool isNeeded = true)
        {
            if (isNeeded) _steps.Add(step);
            else _bypassed.Add(step.Name);
        }

        public MacroStep ToMacroStep(string kind, string name) =>
            new(kind, name, _steps) { Bypassed = [.. _bypassed.OrderBy(b => Array.IndexOf(s_order, b))] };
    }
}
