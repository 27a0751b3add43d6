using WaltG5k.Testbed.Walt.Images;

namespace WaltG5k.Testbed.Walt.Rpc;

/// <summary>Builds of images by a Dockerfile.</summary>
internal static partial class RpcMethods
{
    static Dictionary<string, RpcMethod> ImageBuildMethods() => new(StringComparer.Ordinal)
    {
        ["create_image_build_session"] = CreateBuildSessionAsync,
        ["run_image_build_from_url"] = BuildFromUrlAsync,
        ["run_image_build_from_node_diff"] = BuildFromNodeAsync,
        ["finalize_image_build_session"] = FinalizeBuildAsync,
    };

    static async Task<object?> CreateBuildSessionAsync(RpcCall call)
    {
        string name = call.Text(0, "image_name"), mode = call.Text(1, "mode");
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        if (CheckImageName(name) is string bad) return await RefuseWithAsync(call, bad, null).ConfigureAwait(false);
        string fullName = WaltImageStore.FullNameOf(user, name);
        bool exists = FindImage(call.Host, user, name) is not null;
        if (exists) await call.Session.PrintErrorAsync(OverwriteWarning(call.Host, fullName)).ConfigureAwait(false);
        ImageBuildSession session = new(user, fullName, exists, call.TextOr(2, "url", ""),
            call.TextOr(3, "subdir", "")) { NodeName = call.TextOr(int.MaxValue, "node_name", "") };
        Dictionary<string, object?> info = new(StringComparer.Ordinal)
        {
            ["image_fullname"] = fullName, ["image_overwrite"] = exists, ["username"] = user, ["mode"] = mode,
                ["session_id"] = call.Session.Keep(session),
        };
        foreach (string key in (string[])["url", "subdir", "src_dir", "node_name"])
            if (call.TextOr(int.MaxValue, key, "") is { Length: > 0 } value) info[key] = value;
        return info;
    }

    static async Task<object?> BuildFromUrlAsync(RpcCall call)
    {
        ImageBuildSession session = call.Session.GetKept<ImageBuildSession>(call.Number(0, "session_id"));
        ImageBuild build = new(call.Host, session.User, session.FullName, line => call.Session.PrintAsync(line),
            line => call.Session.PrintErrorAsync(line));
        return await build.RunFromUrlAsync(session.Url, session.Directory, call.Session.ClientGone).ConfigureAwait(false) == 0;
    }

    /// <summary>The node's own image with what was created or changed on the node; what was deleted there stays.</summary>
    static async Task<object?> BuildFromNodeAsync(RpcCall call)
    {
        ImageBuildSession session = call.Session.GetKept<ImageBuildSession>(call.Number(0, "session_id"));
        if (await FindNodeAsync(call, session.NodeName).ConfigureAwait(false) is not WaltDevice node) return false;
        if (call.Host.PowerOf(node) != NodePower.Up)
            return await SucceedUnlessAsync(call, $"ssh: connect to host {node.Ip} port 22: No route to host").ConfigureAwait(false);
        ImageBuild build = new(call.Host, session.User, session.FullName, line => call.Session.PrintAsync(line),
            line => call.Session.PrintErrorAsync(line));
        return await build.RunFromNodeAsync(node, call.Session.ClientGone).ConfigureAwait(false) == 0;
    }

    static async Task<object?> FinalizeBuildAsync(RpcCall call)
    {
        ImageBuildSession session = call.Session.GetKept<ImageBuildSession>(call.Number(0, "session_id"));
        WaltImage? image;
        lock (call.Host.World.Sync) image = call.Host.Images.Find(session.FullName);
        return session.Overwrites && image is not null ? await RebootUsersAsync(call, image).ConfigureAwait(false) : "OK";
    }
}
