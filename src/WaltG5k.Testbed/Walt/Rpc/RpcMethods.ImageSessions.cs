using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Walt.Images;

namespace WaltG5k.Testbed.Walt.Rpc;

/// <summary>Work on an image in a container.</summary>
internal static partial class RpcMethods
{
    static readonly TimeSpan s_commit = TimeSpan.FromSeconds(4);

    static Dictionary<string, RpcMethod> ImageSessionMethods() => new(StringComparer.Ordinal)
    {
        ["create_image_shell_session"] = CreateShellSessionAsync,
        ["image_shell_session_save"] = SaveShellSessionAsync,
    };

    static async Task<object?> CreateShellSessionAsync(RpcCall call)
    {
        string name = call.Text(0, "image_name"), label = call.Text(1, "task_label");
        WaltHost host = call.Host;
        WaltImage? image = FindImage(host, await call.Session.GetUserAsync().ConfigureAwait(false), name);
        string? error = image is null ? NoSuchImage(name)
            : image.Layers >= WaltImage.MaximumLayers
            ? $"Cannot open image {name} because it has already reached its max number of layers.\n(tip: walt image squash {name})"
            : BusyWith(host, image, name);
        if (error is not null)
        {
            await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
            return null;
        }
        ImageShellSession session;
        lock (host.World.Sync) session = new ImageShellSession(host, image!, label);
        return new object?[] { call.Session.Keep(session), image!.FullName, session.ContainerName, image.Name };
    }

    static async Task<object?> SaveShellSessionAsync(RpcCall call)
    {
        string user = call.Text(0, "username"), name = call.Text(2, "new_name");
        bool confirmed = call.FlagOr(3, "name_confirmed", false);
        ImageShellSession session = call.Session.GetKept<ImageShellSession>(call.Number(1, "session_id"));
        WaltHost host = call.Host;
        if (CheckImageName(name) is string bad) return await RefuseAsync(call, bad, "NAME_NOT_OK").ConfigureAwait(false);
        string fullName = WaltImageStore.FullNameOf(user, name);
        bool isSame = fullName == session.Image.FullName, exists;
        lock (host.World.Sync) exists = host.Images.Find(fullName) is not null;
        if (isSame && !confirmed) return await RefuseAsync(call, OverwriteWarning(host, fullName), "NAME_NEEDS_CONFIRM").ConfigureAwait(false);
        if (!isSame && exists) return await RefuseAsync(call, "Bad name: Image already exists.", "NAME_NOT_OK").ConfigureAwait(false);

        // Where nothing has run it waits for ever, as the real server does.
        ImageContainer container = await FindContainerAsync(call, session.ContainerName).ConfigureAwait(false);
        await host.World.PassAsync(s_commit, CancellationToken.None).ConfigureAwait(false);
        WaltImage saved;
        lock (host.World.Sync)
            saved = host.Images.Commit(fullName, container.Files.Copy(), host.World.Time.GetUtcNow(), session.Image, session.Image.Layers + 1);
        await call.Session.PrintAsync(isSame ? $"Image {saved.Name} updated." : $"New image {saved.Name} saved.").ConfigureAwait(false);
        if (isSame) await RebootUsersAsync(call, saved).ConfigureAwait(false);
        session.Dispose();
        host.World.NotifyChanged();
        return "OK_SAVED";
    }

    static async Task<object?> RefuseAsync(RpcCall call, string error, string status)
    {
        await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
        return status;
    }

    static async Task<ImageContainer> FindContainerAsync(RpcCall call, string name)
    {
        while (true)
        {
            ImageContainer? container;
            lock (call.Host.World.Sync) container = call.Host.Images.Containers.GetValueOrDefault(name);
            try
            {
                if (container is not null)
                {
                    await container.Ended.WaitAsync(call.Session.ClientGone).ConfigureAwait(false);
                    return container;
                }
                await Task.Delay(TimeSpan.FromSeconds(1), call.Host.World.Time, call.Session.ClientGone).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                throw new SessionEndException();
            }
        }
    }
}
