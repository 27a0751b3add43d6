using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>kadeploy3.</summary>
internal sealed class KadeployCommand(KadeployServer server) : ClientCommand(server)
{
    public override IReadOnlyList<string> Names => ["kadeploy3"];

    protected override string Resource => "deployment";

    protected override IEnumerable<string> OwnOptions =>
    [
        "-a --env-file=", "-e --env-name=", "-u --env-user=", "--env-version=", "-b --block-device=", "-c --boot-partition=", "-k --key?",
        "-p --partition-number=", "-r --reformat-tmp=", "--vlan=", "-w --set-pxe-profile=", "--set-pxe-pattern=", "-x --upload-pxe-files=",
        "--no-kexec",
        "--disable-bootloader-install", "--disable-disk-partitioning", "--reboot-classical-timeout=", "--reboot-kexec-timeout=", "--force-steps=",
    ];

    protected override IEnumerable<string> NewOptions => ["--env-arch="];

    protected override bool IsMacroStep(CommandContext context, string name) => DeploymentAutomaton.Names(IsOld(context)).Contains(name);

    protected override IEnumerable<string> ExportedFiles(CommandContext context, ParsedOptions options)
    {
        if (options.Last("--key") is string key && !key.Contains("://", StringComparison.Ordinal))
            yield return key.Length > 0 ? key : $"/home/{context.User}/.ssh/authorized_keys";
        foreach (string file in (options.Last("--upload-pxe-files") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)) yield return file;
    }

    protected override ClientOperation Prepare(CommandContext context, ParsedOptions options, IReadOnlyList<NodeModel> nodes,
        Func<IReadOnlyList<NodeModel>> take)
    {
        bool isOld = IsOld(context);
        DeployEnvironment environment = FindEnvironment(context, options);
        if (isOld && options.Last("--partition-number") is string partition && !partition.All(char.IsAsciiDigit))
            throw new OptionException("invalid argument: -p " + partition);
        string? vlan = options.Last("--vlan");
        RequireVlan(context, vlan, nodes);
        Deployment deployment = new(Server, new DeploymentRequest(context.User, environment)
        {
            // Since 3.8 the user's own keys are let in without being asked for.
            SendsKeys = options.Last("--key") is not null || !isOld,
            FormatsTmp = options.Last("--reformat-tmp") is not null,
            UsesKexec = !options.Has("--no-kexec"),
            PartitionsDisk = !options.Has("--disable-disk-partitioning"),
            InstallsBootloader = !options.Has("--disable-bootloader-install"),
            Vlan = vlan,
            Steps = options.Last("--force-steps") is string steps ? ForcedStep.Parse(steps, DeploymentAutomaton.FirstKind(isOld)) : [],
            ClassicalLimit = ReadLimit(options, "--reboot-classical-timeout", "timeout_reboot_classical"),
            KexecLimit = ReadLimit(options, "--reboot-kexec-timeout", "timeout_reboot_kexec"),
            IsOld = isOld,
        });
        // Instances that there are not are found before any node is taken.
        DeploymentAutomaton.Plan(deployment, nodes.Count);
        return new ClientOperation(deployment.CreateWorkflow(take()), deployment.Abort, Grab(context, options, environment), () => []);
    }

    static Func<int, TimeSpan>? ReadLimit(ParsedOptions options, string option, string parameter)
    {
        if (options.Last(option) is not string expression) return null;
        try
        {
            return Core.Kadeploy.KadeployTimeout.Parse(expression).For;
        }
        catch (Core.G5kException)
        {
            throw RequestException.Option(parameter, $"Invalid expression '{expression}'");
        }
    }

    static DeployEnvironment FindEnvironment(CommandContext context, ParsedOptions options)
    {
        if (options.Last("--env-file") is string file) return DeployEnvironments.FromDescription(context, file);
        string name = options.Last("--env-name") ?? (IsOld(context) ? null : options.Positional.FirstOrDefault())
            ?? throw RequestException.Client("You must choose an environment");
        return DeployEnvironments.Find(context, name, options.Last("--env-user"), options.Last("--env-version"), options.Last("--env-arch"));
    }

    List<string> Grab(CommandContext context, ParsedOptions options, DeployEnvironment environment)
    {
        List<string> lines = [];
        if (options.Last("--key") is string key)
            lines.Add($"Grab the key file {(key.Length > 0 ? key : $"/home/{context.User}/.ssh/authorized_keys")}");
        if (!Server.Grab(context.Site, environment)) return lines;
        if (environment.ImageFile.Length > 0) lines.Add($"Grab the tarball file {environment.ImageFile}");
        lines.AddRange(environment.PostinstallFiles.Select(f => $"Grab the postinstall file {f}"));
        return lines;
    }
}
