using System.Globalization;
using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// The words of a command line that old and new versions of Kadeploy read in the same way: nodes, environment, keys and lists are always given by
/// their options.
/// </summary>
public static class KadeployCommandLine
{
    /// <summary>kadeploy3 for a request.</summary>
    /// <exception cref="G5kException"><c>InvalidKadeployRequest</c>.</exception>
    public static IReadOnlyList<string> Deploy(KadeployRequest request, KadeployForm form)
    {
        KadeployRequestCheck.Require(request, form);
        EnvironmentSpecification? name = request.IsDescription ? null : EnvironmentSpecification.Parse(request.Environment);
        // The default of new versions, which would have to be sent by old ones; nobody is left to send it when the client does not wait.
        bool usesDefaultKey = request is { NoWait: true, Key: { Path: null } };
        return
        [
            "kadeploy3",
            .. Option(name is null ? "-a" : "-e", name?.Name ?? request.Environment),
            .. Option("-u", request.User ?? name?.User),
            .. Option("--env-version", (request.Version ?? name?.Version)?.ToString(CultureInfo.InvariantCulture)),
            .. Option("--env-arch", request.Architecture ?? name?.Architecture),
            .. request.Key is null || usesDefaultKey ? [] : request.Key.Path is string key ? (string[])["-k", key] : ["-k"],
            .. Option("-b", request.BlockDevice),
            .. Option("-p", request.Partition),
            .. Option("-c", request.BootPartition?.ToString(CultureInfo.InvariantCulture)),
            .. Option("-r", request.ReformatTmp),
            .. Option("--vlan", request.Vlan),
            .. Flag("--disable-bootloader-install", request.DisableBootloaderInstall),
            .. Flag("--disable-disk-partitioning", request.DisableDiskPartitioning),
            .. Flag("--no-kexec", request.NoKexec),
            .. Option("--reboot-classical-timeout", request.RebootClassicalTimeout?.ToString()),
            .. Option("--reboot-kexec-timeout", request.RebootKexecTimeout?.ToString()),
            .. Option("--force-steps", request.Steps.Count > 0 ? KadeployForcedStep.Join(request.Steps) : null),
            .. Option("--breakpoint", request.Breakpoint),
            .. Option("--custom-steps", request.CustomSteps),
            .. Option("-w", request.PxeProfile),
            .. Option("--set-pxe-pattern", request.PxePattern),
            .. Option("-x", request.PxeFiles.Count > 0 ? string.Join(',', request.PxeFiles) : null),
            .. Option("-s", request.Script),
            .. Option("-o", request.OkFile),
            .. Option("-n", request.KoFile),
            .. Option("--write-workflow-id", request.WorkflowIdFile),
            .. Flag("--force", request.Force),
            .. Flag("--no-wait", request.NoWait),
            .. Flag("--dry-run", request.DryRun),
            .. Flag("--hook", request.Hook),
            .. Flag("-d", request.Debug),
            .. Option("-V", request.VerboseLevel.ToString(CultureInfo.InvariantCulture)),
            .. Machines(request.Nodes),
        ];
    }

    /// <summary>The nodes by <c>-m</c>, one pattern per cluster: <c>gros-[1-4,7].nancy.grid5000.fr</c>.</summary>
    public static IEnumerable<string> Machines(IEnumerable<string> nodes) =>
        nodes.GroupBy(ClusterOf, StringComparer.Ordinal).SelectMany(g => (string[])["-m", NodeSet.Fold(g)]);

    static string ClusterOf(string node)
    {
        string host = node.Split('.')[0];
        int dash = host.LastIndexOf('-');
        return (dash < 0 ? host : host[..dash]) + node[host.Length..];
    }

    static string[] Option(string name, string? value) => value is null ? [] : [name, value];

    static string[] Flag(string name, bool isOn) => isOn ? [name] : [];
}
