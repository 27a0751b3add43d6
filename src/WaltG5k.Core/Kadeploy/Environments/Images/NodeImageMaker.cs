using System.Globalization;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// Makes an environment of a deployed node as it is now: its image by tgz-g5k, and a description that carries on that of what was deployed.
/// </summary>
/// <param name="user">The Grid'5000 login.</param>
public sealed class NodeImageMaker(IFrontend frontend, string user, TimeProvider time)
{
    /// <summary>Nothing half-made is left, whatever happens.</summary>
    /// <exception cref="G5kException"><c>NodeNotDeployed</c>, <c>NodeUnreachable</c>, <c>KernelMissing</c>, <c>ImageFileExists</c>,
    /// <c>ImageToolMissing</c>, <c>NodeImageFailed</c>,
    /// <c>ImageDamaged</c>, <c>DiskFull</c>.</exception>
    public async Task<NodeImage> MakeAsync(NodeImageRequest request, Action<NodeImageProgress>? onProgress = null,
        CancellationToken cancellationToken = default)
    {
        long started = time.GetTimestamp();
        Action<NodeImageProgress> tell = onProgress ?? (_ => { });
        NodeLink link = new(frontend, request.Node, time);
        tell(new NodeImageProgress("Looking at the node", 0));
        EnvironmentDescription? former = request.Base ?? await FindDeployedAsync(request.Node, cancellationToken).ConfigureAwait(false);
        DeployedSystem system = await DeployedSystem.ReadAsync(link, former?.Boot, cancellationToken).ConfigureAwait(false);
        // Before the long part: without a kernel the image is worth nothing.
        string kernel = system.FindKernel(former?.Boot.Kernel) ?? throw ImageErrors.KernelMissing(request.Node, system.KernelRelease);
        IImageStore store = request.IsHere ? new LocalImageStore(link, request) : new FrontendImageStore(frontend, link, request, user, time);
        await store.PrepareAsync(cancellationToken).ConfigureAwait(false);
        bool isKept = false;
        try
        {
            ImageDraft draft = await store.FetchAsync(tell, cancellationToken).ConfigureAwait(false);
            string path = store.PathOf(draft);
            string? url = request.IsHere ? null : PublicFolder.GetUrl(frontend.Site, user, path);
            EnvironmentDescription description = Describe(request, former, system, kernel) with
            {
                // Beside its description a file of this machine needs no folder.
                Image = new EnvironmentImage(url ?? (request.IsHere ? Path.GetFileName(path) : path), "tar", draft.Compression.Name),
            };
            string descriptionPath = await store.KeepAsync(draft, DescriptionWriter.Write(description), cancellationToken).ConfigureAwait(false);
            isKept = true;
            return new NodeImage(request.Node, frontend.Site, description)
            {
                Path = path, DescriptionPath = descriptionPath, Url = url, Length = draft.Length, Sha256 = draft.Sha256,
                    Duration = time.GetElapsedTime(started),
            };
        }
        finally
        {
            if (!isKept) await DropAsync(store).ConfigureAwait(false);
        }
    }

    static async Task DropAsync(IImageStore store)
    {
        try { await store.DropAsync().ConfigureAwait(false); }
        catch (G5kException) { /* the failure that led here is the one to tell */ }
    }

    EnvironmentDescription Describe(NodeImageRequest request, EnvironmentDescription? former, DeployedSystem system, string kernel)
    {
        EnvironmentDescription start = former ?? new EnvironmentDescription(request.Name) { FileSystem = "ext4", PartitionType = 131 };
        return start with
        {
            Name = request.Name,
            Version = request.Version ?? 1,
            Alias = null,
            Owner = null,
            Architecture = system.Architecture,
            Visibility = start.Visibility == EnvironmentVisibility.Public ? EnvironmentVisibility.Private : start.Visibility,
            Author = user,
            Description = request.Description ?? string.Create(CultureInfo.InvariantCulture,
                $"{(former is null ? "" : $"{former.Name} as changed on ")}{request.Node.Split('.')[0]}, {time.GetUtcNow():yyyy-MM-dd}"),
            Boot = start.Boot with { Kernel = kernel, Initrd = system.FindInitrd(former?.Boot.Initrd) },
        };
    }

    /// <summary>The description of what Kadeploy has put on the node; null where it does not remember, as for a description from a file.</summary>
    async Task<EnvironmentDescription?> FindDeployedAsync(string node, CancellationToken cancellationToken)
    {
        CommandResult result = await frontend.RunAsync(new CommandRequest("kanodes3", "-s", "-m", node), null, cancellationToken)
            .ConfigureAwait(false);
        string? name = Value("name"), version = Value("version"), owner = Value("user");
        if (result.ExitStatus != 0 || name is null) return null;
        var specification = new EnvironmentSpecification(name) { User = owner,
            Version = long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null };
        return (await new EnvironmentRegistry(frontend, user).FindAsync(specification, cancellationToken).ConfigureAwait(false))?.Definition;

        // The entries of the environment stand deeper than those of the node, which have a user too.
        string? Value(string key) => result.Output.Split('\n').FirstOrDefault(l => l.StartsWith($"    {key}:", StringComparison.Ordinal)) is { } line
            && line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().Trim('\'', '"') is { Length: > 0 } value ? value : null;
    }
}
