using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>kadeploy3.</summary>
internal sealed class KadeployCommand(KadeployServer server) : ClientCommand(server)
{
    public override IReadOnlyList<string> Names => ["kadeploy3"];

    protected override string Resource => "deployment";

    protected override IEnumerable<string> OwnOptions =>
    [
        "-a --env-file=", "-e --env-name=", "-u --env-user=", "--env-version=", "--env-arch=", "-b --block-device=", "-c --boot-partition=", "-k --key?",
        "-p --partition-number=", "-r --reformat-tmp=", "--vlan=", "-w --set-pxe-profile=", "--set-pxe-pattern=", "-x --upload-pxe-files=", "--no-kexec",
        "--disable-bootloader-install", "--disable-disk-partitioning", "--reboot-classical-timeout=", "--reboot-kexec-timeout=", "--force-steps=",
    ];

    protected override ClientOperation Prepare(CommandContext context, ParsedOptions options, IReadOnlyList<NodeModel> nodes, Func<IReadOnlyList<NodeModel>> take)
    {
        DeployEnvironment environment = FindEnvironment(context, options);
        string? vlan = options.Last("--vlan");
        if (vlan is not null && vlan != "DEFAULT" && Server.World.FindVlan(context.Site, vlan) is null)
        {
            throw RequestException.Vlan($"{nodes[0].ShortName}-kavlan-{vlan}.{nodes[0].Site}.grid5000.fr");
        }
        Deployment deployment = new(Server, new DeploymentRequest(context.User, environment)
        {
            SendsKeys = options.Last("--key") is not null,
            FormatsTmp = options.Last("--reformat-tmp") is not null,
            UsesKexec = !options.Has("--no-kexec"),
            Vlan = vlan,
        });
        return new ClientOperation(deployment.CreateWorkflow(take()), deployment.Abort, Grab(context, options, environment), () => []);
    }

    static DeployEnvironment FindEnvironment(CommandContext context, ParsedOptions options)
    {
        if (options.Last("--env-file") is string file)
        {
            bool isUrl = file.Contains("://", StringComparison.Ordinal);
            string? content = isUrl ? null : FrontendFiles.ReadOrNull(context, file) ?? throw RequestException.File(file);
            return EnvironmentCatalog.FromDescription(file, content) ?? throw RequestException.File(file);
        }
        string name = options.Last("--env-name") ?? options.Positional.FirstOrDefault() ?? throw RequestException.Client("You must choose an environment");
        return EnvironmentCatalog.Find(name, options.Last("--env-user"), options.Last("--env-version")) ?? throw RequestException.Environment();
    }

    List<string> Grab(CommandContext context, ParsedOptions options, DeployEnvironment environment)
    {
        List<string> lines = [];
        if (options.Last("--key") is string key) lines.Add($"Grab the key file {(key.Length > 0 ? key : $"/home/{context.User}/.ssh/authorized_keys")}");
        if (!Server.Grab(context.Site, environment)) return lines;
        if (environment.User.Length == 0) lines.Add($"Grab the tarball file {options.Last("--env-file")![..^Path.GetExtension(options.Last("--env-file")!).Length]}.tar.zst");
        else
        {
            lines.Add($"Grab the tarball file server:///grid5000/images/{environment.Name}.tar.zst");
            lines.Add("Grab the postinstall file server:///grid5000/postinstalls/g5k-postinstall.tgz");
        }
        return lines;
    }
}
