using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>kareboot3: the kind of reboot is positional today and was the option -r before.</summary>
internal sealed class RebootCommand(KadeployServer server) : ClientCommand(server)
{
    static readonly Dictionary<string, string> s_macroSteps = new(StringComparer.Ordinal)
    {
        ["simple"] = "Simple", ["set_pxe"] = "SetPXE", ["deploy_env"] = "DeployEnv", ["recorded_env"] = "RecordedEnv",
    };

    public override IReadOnlyList<string> Names => ["kareboot3"];

    protected override string Resource => "reboot";

    protected override IEnumerable<string> OwnOptions =>
    [
        "-r --reboot-kind=", "-l --op-level=", "-c --check-destructive-tag", "-e --env-name=", "-u --env-user=", "--env-version=",
            "-p --partition-number=",
        "-b --block-device=", "-k --key?", "--vlan=", "-w --set-pxe-profile=", "--set-pxe-pattern=", "-x --upload-pxe-files=",
        "--reboot-classical-timeout=",
    ];

    protected override ClientOperation Prepare(CommandContext context, ParsedOptions options, IReadOnlyList<NodeModel> nodes,
        Func<IReadOnlyList<NodeModel>> take)
    {
        string kind = options.Last("--reboot-kind") ?? (IsOld(context) ? null : options.Positional.FirstOrDefault()) ?? "simple";
        if (!s_macroSteps.TryGetValue(kind, out string? macroStep)) throw new OptionException("invalid argument: " + kind);
        string level = options.Last("--op-level") ?? "soft";
        if (level is not ("soft" or "hard" or "very_hard")) throw new OptionException("invalid argument: -l " + level);
        DeployEnvironment? environment = options.Last("--env-name") is { } name
            ? DeployEnvironments.Find(context, name, options.Last("--env-user"), options.Last("--env-version"))
            : kind == "recorded_env" ? throw RequestException.Environment() : null;
        // Since 3.8 the deployed partition is known by its label.
        if (kind == "recorded_env" && IsOld(context) && options.Last("--partition-number") is null)
            throw RequestException.Missing("You must specify a partition when rebooting using recorded_env");
        if (kind == "set_pxe" && options.Last("--set-pxe-profile") is null)
            throw RequestException.Missing("You must specify a PXE boot profile when rebooting using set_pxe");
        if (kind == "recorded_env" && options.Has("--check-destructive-tag") && nodes.Any(n => IsDestructive(context,
            n))) throw RequestException.Destructive();
        string? vlan = options.Last("--vlan");
        RequireVlan(context, vlan, nodes);
        RebootOperation reboot = new(Server, new RebootRequest(context.User, macroStep, level)
        {
            Vlan = vlan, Environment = kind == "recorded_env" ? environment : null, SendsKeys = options.Last("--key") is not null || !IsOld(context),
        });
        return new ClientOperation(reboot.CreateWorkflow(take()), reboot.Abort, [], () => []);
    }

    /// <summary>What was deployed on the node last may not be booted again.</summary>
    bool IsDestructive(CommandContext context, NodeModel node)
    {
        DeployEnvironment? last;
        lock (Server.World.Sync) last = Server.Records.GetValueOrDefault(node)?.Environment;
        return last is { User.Length: > 0 }
            && DeployEnvironments.FindRecord(context, last.Name, last.User,
                last.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)) is { IsDestructive: true };
    }
}
