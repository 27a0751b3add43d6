using System.Text.RegularExpressions;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Finds what Kadeploy would refuse, or read as something else, before anything is sent.</summary>
static partial class KadeployRequestCheck
{
    /// <exception cref="G5kException"><c>InvalidKadeployRequest</c>: says what is wrong, and what to give instead.</exception>
    public static void Require(KadeployRequest request, KadeployForm form)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequireNodes(request.Nodes);
        RequireEnvironment(request, form);
        RequireDisk(request, form);
        RequireSteps(request, form);
        RequireFiles(request, form);
        Need(request.VerboseLevel is >= 1 and <= 5, request.VerboseLevel, "The verbose level is no number from 1 to 5.",
            "Give 3 for the steps, 4 for their times as well, 5 for all.");
        Need(request.Timeout > TimeSpan.Zero, request.Timeout, "The time limit is not above 0.", "Give seconds, or a time such as 00:25:00.");
        Need(request.Vlan is null || Vlan().IsMatch(request.Vlan), request.Vlan, $"'{request.Vlan}' is no VLAN.",
            "Give its number, or DEFAULT. Those of your jobs: Get-G5kVlan");
    }

    /// <summary>What is refused of the nodes of any operation.</summary>
    public static void RequireNodes(IReadOnlyList<string> nodes)
    {
        Need(nodes.Count > 0, null, "No node is given.", "Name the nodes, or pipe them in.");
        string? wrong = nodes.FirstOrDefault(n => !n.AsSpan().IsHostName());
        Need(wrong is null, wrong, $"'{wrong}' is not the full name of a node.", "Write it with its site and domain: gros-1.nancy.grid5000.fr");
        string[] sites = [.. nodes.Select(SiteOf).Distinct(StringComparer.OrdinalIgnoreCase)];
        Need(sites.Length <= 1, nodes, $"The nodes belong to several sites ({string.Join(", ", sites)}); Kadeploy serves one.",
            "Run one operation per site.");
    }

    static string SiteOf(string node) => node.Split('.')[1];

    static void RequireEnvironment(KadeployRequest request, KadeployForm form)
    {
        string environment = request.Environment;
        Need(environment.Length > 0 && environment[0] != '-' && !environment.Any(char.IsControl), environment, $"'{environment}' is no environment.",
            "Give its name, or a file or URL of its description.");
        Need(!request.IsDescription || (request.User, request.Version, request.Architecture) is (null, null, null), environment,
            "User, version and architecture choose a registered environment, and here a description is given.",
            "Leave them out, or give the environment's name.");
        Need(request.Version is null or > 0, request.Version, $"{request.Version} is no version.", "Give a number from 1 on.");
        string? architecture = request.Architecture ?? (request.IsDescription ? null : EnvironmentSpecification.TryParse(environment)?.Architecture);
        Need(architecture is null || form == KadeployForm.Current, architecture, "Kadeploy 3.3 knows no architectures.",
            "Leave the architecture out.");
        Need(request.IsDescription || EnvironmentSpecification.TryParse(environment) is not null, environment,
            $"'{environment}' does not name an environment.",
            "Write NAME, NAME@USER, NAME:VERSION or NAME%ARCH; a file or URL of a description is given as such.");
    }

    static void RequireDisk(KadeployRequest request, KadeployForm form)
    {
        bool isOld = form == KadeployForm.Old;
        Need(request.Partition is null || (isOld ? Number() : Word()).IsMatch(request.Partition), request.Partition,
            $"'{request.Partition}' is no partition.",
            isOld ? "Kadeploy 3.3 takes its number: 3" : "Give its label: DEPLOY, TMP");
        Need(request.BlockDevice is null || Device().IsMatch(request.BlockDevice), request.BlockDevice, $"'{request.BlockDevice}' is no disk.",
            isOld ? "Give sda, sdb …" : "Give disk0, disk1 …");
        Need(request.BootPartition is null or >= 0, request.BootPartition, $"{request.BootPartition} is no partition to boot.",
            "Give its number, or 0 for the master boot record.");
        Need(request.ReformatTmp is null || Word().IsMatch(request.ReformatTmp), request.ReformatTmp, $"'{request.ReformatTmp}' is no file system.",
            "Give ext4, or another that the site has: kadeploy3 -I");
    }

    static void RequireSteps(KadeployRequest request, KadeployForm form)
    {
        Need(request.Breakpoint is null || Breakpoint().IsMatch(request.Breakpoint), request.Breakpoint, $"'{request.Breakpoint}' is no breakpoint.",
            "Write MACRO or MACRO:MICRO, such as BroadcastEnvKascade:manage_user_post_install");
        foreach (KadeployForcedStep step in request.Steps)
        {
            Need(step.Kind is not null && Word().IsMatch(step.Instance), step.Instance, $"'{step.Instance}' is no instance of a macro-step.",
                "Write its full name, such as BootNewEnvKexec.");
            Need(step.Retries >= 0 && step.Timeout >= TimeSpan.FromSeconds(1), step.ToString(),
                $"'{step}' has no sense: retries from 0 on, and at least one second.", "Write INSTANCE:RETRIES:SECONDS.");
        }
        if (request.Steps.Count == 0) return;
        string[] kinds = [form == KadeployForm.Old ? "SetDeploymentEnv" : "SetDeploymentMiniOS", "BroadcastEnv", "BootNewEnv"];
        string? stranger = request.Steps.Select(s => s.Kind!).FirstOrDefault(kind => !kinds.Contains(kind));
        Need(stranger is null, stranger, $"This version of Kadeploy has no macro-step {stranger}.", $"Give instances of {string.Join(", ", kinds)}.");
        string[] missing = [.. kinds.Except(request.Steps.Select(s => s.Kind!))];
        Need(missing.Length == 0, request.Steps, $"Steps are forced for some macro-steps only; there is none for {string.Join(" and ", missing)}.",
            "Kadeploy wants an instance of each of the three; those of a site: kadeploy3 -I");
    }

    static void RequireFiles(KadeployRequest request, KadeployForm form)
    {
        string?[] files = [request.Key?.Path, request.CustomSteps, request.PxeProfile, request.PxePattern, request.Script, request.OkFile,
            request.KoFile, request.WorkflowIdFile, .. request.PxeFiles];
        string? wrong = files.OfType<string>().FirstOrDefault(f => f.Length == 0 || f[0] == '-' || f.Any(char.IsControl));
        Need(wrong is null, wrong, $"'{wrong}' is no name of a file for Kadeploy.",
            "Give a path without control characters that does not begin with a dash.");
        Need(!request.PxeFiles.Any(f => f.Contains(',', StringComparison.Ordinal)), request.PxeFiles,
            "The name of a file for PXE holds a comma, which separates them.", "Rename the file.");
        Need(request.Key?.Text is null, request.Key, "The keys are not in a file yet.", "Write them to a file on the front-end first.");
        Need(request.OkFile is null || request.OkFile != request.KoFile, request.OkFile,
            "The nodes that are well and those that are not would go to the same file.", "Give two files.");
        if (!request.NoWait) return;
        Need((request.OkFile ?? request.KoFile ?? request.Script) is null, request.OkFile ?? request.KoFile ?? request.Script,
            "Who does not wait gets no lists of nodes, and no script is run.", "Wait, or leave the files and the script out.");
        bool exportsKey = request.Key is { IsUrl: false } key && (form == KadeployForm.Old || key.Path is not null);
        bool exportsEnvironment = request.IsDescription && !request.Environment.Contains("://", StringComparison.Ordinal);
        Need(!exportsKey && !exportsEnvironment, exportsKey ? request.Key : request.Environment,
            "Who does not wait cannot send files to the server.", "Wait, or give keys and description by URL.");
    }

    static void Need(bool condition, object? target, string message, string recommendation)
    {
        if (!condition) throw new G5kException("InvalidKadeployRequest", ErrorKind.InvalidArgument, message, target, recommendation);
    }

    [GeneratedRegex(@"^(?:[1-9][0-9]{0,4}|DEFAULT)$", RegexOptions.CultureInvariant)]
    private static partial Regex Vlan();

    [GeneratedRegex(@"^[0-9]{1,3}$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^[A-Za-z0-9_]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Za-z0-9_/]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Device();

    [GeneratedRegex(@"^[A-Za-z0-9_]+(?::[A-Za-z0-9_]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Breakpoint();
}
