using WaltG5k.Core.Walt.Images;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Registries;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>A large image takes its time over the network.</summary>
    static readonly TimeSpan s_transferTimeout = TimeSpan.FromMinutes(60);

    /// <summary>The registries that the server is configured for; the Docker hub by default.</summary>
    public async Task<IReadOnlyList<WaltRegistry>> GetRegistriesAsync(CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("get_registries"), cancellationToken).ConfigureAwait(false);
        return result.Value is PythonSequence list
            ? [.. list.Items.OfType<PythonSequence>().Select(r => r.AsStrings()).OfType<IReadOnlyList<string>>().Where(r => r.Count > 0)
            .Select(r => new WaltRegistry(r[0], r.Count > 1 ? r[1] : ""))]
            : throw Unexpected("get_registries", result.Value);
    }

    /// <summary>Images that can be cloned: of other users of the server, its Docker daemon, the hub and other registries.</summary>
    /// <param name="keyword">Part of the link; null: all of them.</param>
    /// <param name="account">For the hub: WalT 10 does not search without.</param>
    /// <exception cref="G5kException"><c>RegistryLoginNeeded</c>, <c>RegistryUnreachable</c>.</exception>
    public async Task<IReadOnlyList<WaltFoundImage>> SearchImagesAsync(string? keyword, WaltRegistryAccount? account,
        CancellationToken cancellationToken = default)
    {
        RpcCall call = new("search_images", keyword is null ? PythonLiteral.None : keyword, false) { Timeout = s_transferTimeout };
        RpcResult result = await CallWithAccountAsync(call, account, cancellationToken).ConfigureAwait(false);
        if (!result.Value.IsTrue) throw ImageMessages.Explain(result.Errors, keyword ?? "", keyword ?? "", Host);
        foreach (string warning in result.Errors.Where(e => e.StartsWith("Ignoring", StringComparison.Ordinal)))
            Reporter.Warning($"WalT server {Host}: {warning}");
        return [.. PrintedTable.Read(result.Output).Select(WaltFoundImage.FromRow)];
    }

    /// <summary>Clones an image into those of this user. Where that replaces one that nodes boot, the server reboots them.</summary>
    /// <param name="name">Null: as it is called there.</param>
    /// <param name="force">Replace an image of that name.</param>
    /// <exception cref="G5kException">
    /// <c>RemoteImageNotFound</c>, <c>ImageExists</c>, <c>ImageInUse</c>: the clone does not fit the nodes that boot the image that it would replace;
    /// <c>ImageLinkInvalid</c>,
    /// <c>ImageNameInvalid</c>, <c>ImageIncompatible</c>, <c>RegistryLoginNeeded</c>, <c>RegistryUnreachable</c>, <c>WaltServerDiskFull</c>.
    /// </exception>
    public async Task<WaltImageInfo> CloneImageAsync(WaltImageLink link, string? name, bool force, WaltRegistryAccount? account,
        CancellationToken cancellationToken = default)
    {
        if (name is not null) name = WaltImageName.Require(name);
        string target = name ?? link.CloneName;
        RpcCall call = new("clone_image", link.ToString())
        {
            Keywords = PythonDict.Of(("force", force), ("image_name", name is null ? PythonLiteral.None : name)),
            Timeout = s_transferTimeout,
            IsIdempotent = false,
        };
        RpcResult result = await CallWithAccountAsync(call, account, cancellationToken).ConfigureAwait(false);
        if (result.Value is not PythonDict answer || answer["status"]?.AsString() is not { } status) throw Unexpected("clone_image", result.Value);
        if (status == "OK") return await GetOwnImageAsync(answer["image_name"]?.AsString() ?? target, cancellationToken).ConfigureAwait(false);
        // Clones of 10.0 are done when the reboots that follow fail; the sentence about those is the only sign of it.
        if (result.Errors.Any(e => ServerMessages.TryReadNodes(e, out _, out _)))
        {
            Reporter.Warning($"WalT server {Host}: {string.Join(' ', result.Errors)}");
            return await GetOwnImageAsync(target, cancellationToken).ConfigureAwait(false);
        }
        throw await ExplainImageAsync(result, link.ToString(), target, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts an image on a registry, for others to clone.</summary>
    /// <param name="registry">Its label; null: the only one that there is.</param>
    /// <exception cref="G5kException">
    /// <c>RegistryNotFound</c>, <c>RegistryAmbiguous</c>, <c>ImageNotFound</c>, <c>ImageNotOwned</c>, <c>RegistryLoginNeeded</c>,
    /// <c>RegistryUnreachable</c>.
    /// </exception>
    public async Task<WaltImagePublication> PublishImageAsync(string image, string? registry, WaltRegistryAccount? account,
        CancellationToken cancellationToken = default)
    {
        string name = RequireOwn(image);
        string label = await ChooseRegistryAsync(registry, cancellationToken).ConfigureAwait(false);
        RpcCall call = new("publish_image", label, name) { Timeout = s_transferTimeout, IsIdempotent = false };
        RpcResult result = await CallWithAccountAsync(call, account, cancellationToken).ConfigureAwait(false);
        if (result.Value is not PythonSequence { Items: [var done, ..] answer }) throw Unexpected("publish_image", result.Value);
        return done.IsTrue && answer.Count > 1 && answer[1].AsString() is { } link
            ? new WaltImagePublication(name, label, link) : throw ImageMessages.Explain(result.Errors, name, name, Host);
    }

    /// <summary>Fetches newer versions of the default images, where the hub has any; nodes that boot them are rebooted.</summary>
    /// <exception cref="G5kException"><c>RegistryLoginNeeded</c>, <c>RegistryUnreachable</c>.</exception>
    public async Task UpdateDefaultImagesAsync(WaltRegistryAccount? account, CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallWithAccountAsync(new RpcCall("update_default_images") { Timeout = s_transferTimeout, IsIdempotent = false },
            account, cancellationToken).ConfigureAwait(false);
        if (result.Errors.Count > 0) throw ImageMessages.Explain(result.Errors, "default", "default", Host);
    }

    /// <exception cref="G5kException"><c>RegistryNotFound</c>, <c>RegistryAmbiguous</c>.</exception>
    public async Task<string> ChooseRegistryAsync(string? registry, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<WaltRegistry> known = await GetRegistriesAsync(cancellationToken).ConfigureAwait(false);
        string names = string.Join(", ", known.Select(r => r.Label));
        if (registry is not null)
            return known.Any(r => r.Label == registry) ? registry : throw new G5kException("RegistryNotFound", ErrorKind.ObjectNotFound,
                $"The WalT server {Host} knows no registry '{registry}'{(names.Length > 0 ? ": it knows " + names : "")}.", registry,
                "Take one that it knows: -Registry hub");
        return known.Count switch
        {
            1 => known[0].Label,
            0 => throw new G5kException("RegistryNotFound", ErrorKind.ObjectNotFound, $"The WalT server {Host} is configured for no registry.", Host,
            "Configure one there: walt-server-setup --edit-conf"),
            _ => throw new G5kException("RegistryAmbiguous", ErrorKind.InvalidArgument, $"The WalT server {Host} knows several registries: {names}.",
            Host, $"Name one: -Registry {known[0].Label}"),
        };
    }

    /// <summary>A call during which the server may ask for an account, and for hard reboots: on a connection of its own.</summary>
    async Task<RpcResult> CallWithAccountAsync(RpcCall call, WaltRegistryAccount? account, CancellationToken cancellationToken)
    {
        RpcSession session = await OpenWorkSessionAsync(account, null, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false)) return await session.CallAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A connection that is nobody else's: what the server keeps for a session ends with it.</summary>
    Task<RpcSession> OpenWorkSessionAsync(WaltRegistryAccount? account, IRpcFileSystem? files, CancellationToken cancellationToken) =>
        OpenSessionAsync(RpcApi.Client, new RpcCallbacks(User, Reporter)
        {
            HardReboot = HardReboot is null ? null : (macs, token) => HardRebootMacsAsync(macs, new(StringComparer.Ordinal), token),
            RegistryAccount = _ => account,
            Files = files,
        }, cancellationToken);

    G5kException Unexpected(string method, PythonLiteral answer) =>
        new("RpcProtocolError", ErrorKind.ProtocolError, $"The WalT server {Host} answered {method} with {answer}.", Host, "Is it WalT 10?");
}
