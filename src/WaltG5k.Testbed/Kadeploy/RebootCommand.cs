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
        "-r --reboot-kind=", "-l --op-level=", "-c --check-destructive-tag", "-e --env-name=", "-u --env-user=", "--env-version=", "-p --partition-number=",
        "-b --block-device=", "-k --key?", "--vlan=", "-w --set-pxe-profile=", "--set-pxe-pattern=", "-x --upload-pxe-files=", "--reboot-classical-timeout=",
    ];

    protected override ClientOperation Prepare(CommandContext context, ParsedOptions options, IReadOnlyList<NodeModel> nodes, Func<IReadOnlyList<NodeModel>> take)
    {
        string kind = options.Last("--reboot-kind") ?? (IsOld(context) ? null : options.Positional.FirstOrDefault()) ?? "simple";
        if (!s_macroSteps.TryGetValue(kind, out string? macroStep)) throw new OptionException("invalid argument: " + kind);
        string level = options.Last("--op-level") ?? "soft";
        if (level is not ("soft" or "hard" or "very_hard")) throw new OptionException("invalid argument: -l " + level);
        if (kind == "recorded_env" && (options.Last("--env-name") is not string name || DeployEnvironments.FindRecord(context, name, options.Last("--env-user"), options.Last("--env-version")) is null)) throw RequestException.Environment();

        RebootOperation reboot = new(Server, context.User, macroStep, level);
        return new ClientOperation(reboot.CreateWorkflow(take()), reboot.Abort, [], () => []);
    }
}
