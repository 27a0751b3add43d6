namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// How far a node is when it enters a step, by what the steps of a deployment usually take (about five minutes in all). For progress bars only.
/// </summary>
static class StepPace
{
    /// <summary>Beginning and length of each macro-step as parts of the whole; an instance goes by the name it begins with.</summary>
    static readonly (string Name, double Begin, double Length)[] s_macroSteps =
    [
        ("SetDeploymentMiniOS", 0, 0.5), ("SetDeploymentEnv", 0, 0.5), ("BroadcastEnv", 0.5, 0.28), ("BootNewEnv", 0.78, 0.22),
    ];

    /// <summary>Where the longer micro-steps, and those after them, begin within their macro-step.</summary>
    static readonly Dictionary<string, double> s_microSteps = new(StringComparer.Ordinal)
    {
        ["reboot"] = 0.02, ["wait_reboot"] = 0.05, ["send_key_in_deploy_env"] = 0.92, ["create_partition_table"] = 0.93,
            ["format_deploy_part"] = 0.95,
        ["mount_deploy_part"] = 0.98, ["format_tmp_part"] = 0.98, ["format_swap_part"] = 0.99, ["send_environment"] = 0.01,
        ["manage_admin_post_install"] = 0.74,
        ["manage_user_post_install"] = 0.9, ["check_kernel_files"] = 0.91, ["send_key"] = 0.92, ["install_bootloader"] = 0.93, ["sync"] = 0.98,
        ["kexec"] = 0.04, ["set_vlan"] = 0.05,
    };

    public static double Of(string? macroStep, string? microStep)
    {
        if (macroStep is null) return 0;
        foreach ((string name, double begin, double length) in s_macroSteps)
            if (macroStep.StartsWith(name, StringComparison.Ordinal))
                return begin + (length * (microStep is null ? 0 : s_microSteps.GetValueOrDefault(microStep)));
        return 0;
    }
}
