using System.Globalization;

namespace WaltG5k.Testbed.Walt.Rpc;

internal static partial class RpcMethods
{
    static Dictionary<string, RpcMethod> ImageMethods() =>
        Merge(ImageUseMethods(), ImageSetMethods(), RegistryMethods(), ImageSessionMethods(), ImageBuildMethods(), ImageCopyMethods());

    static Dictionary<string, RpcMethod> ImageUseMethods() => new(StringComparer.Ordinal)
    {
        ["has_image"] = HasImageAsync,
        ["set_image"] = SetImageAsync,
        ["get_clones_of_default_images"] = GetClonesAsync,
        ["get_images_tabular_data"] = GetImagesTableAsync,
    };

    static string NoSuchImage(string name) => $"Error: No such image '{name}'. (tip: walt image show)";

    static WaltImage? FindImage(WaltHost host, string user, string name)
    {
        lock (host.World.Sync)
        {
            host.Images.WelcomeUser(user);
            return host.Images.TryFind(user, name, out WaltImage? image) ? image : null;
        }
    }

    static async Task<object?> HasImageAsync(RpcCall call)
    {
        string name = call.Text(0, "image_name");
        if (name == "default" && call.FlagOr(1, "default_allowed", false)) return true;
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        return await SucceedUnlessAsync(call, FindImage(call.Host, user, name) is null ? NoSuchImage(name) : null).ConfigureAwait(false);
    }

    /// <summary>Answers as soon as the order is noted: the boot files change later.</summary>
    static async Task<object?> SetImageAsync(RpcCall call)
    {
        string name = call.Text(1, "image_name");
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        if (await ParseNodesAsync(call).ConfigureAwait(false) is not { } nodes) return false;
        WaltImage? image = name == "default" ? call.Host.Images.Default : FindImage(call.Host, user, name);
        if (image is null) return await SucceedUnlessAsync(call, NoSuchImage(name)).ConfigureAwait(false);
        if (nodes.FirstOrDefault(n => !image.Models.Contains(n.Model)) is WaltDevice odd)
            return await SucceedUnlessAsync(call, $"Sorry, this image is not compatible with node model {odd.Model}.").ConfigureAwait(false);

        List<WaltDevice> present, changed;
        lock (call.Host.World.Sync)
        {
            present = [.. nodes.Where(n => n.Image == image.FullName)];
            changed = [.. nodes.Where(n => n.Image != image.FullName)];
            if (changed.Count > 0) call.Host.Route(changed, image);
        }
        call.Host.World.NotifyChanged();
        if (present.Count > 0)
        {
            string verb = present.Count == 1 ? "it is" : "they are";
            await call.Session.PrintAsync($"{WaltSentences.Subject([.. present.Select(n => n.Name)])}: ignored, {verb} already using this image.")
                .ConfigureAwait(false);
        }
        if (changed.Count > 0)
        {
            string subject = WaltSentences.Subject([.. changed.Select(n => n.Name)]);
            string what = name != "default" ? $"boot {name}."
                : changed.Count == 1 ? "boot its default image (other users will see it is 'free')."
                : "boot their default image (other users will see they are 'free').";
            await call.Session.PrintAsync($"{subject} will now {what}").ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>Whether all went well, whether an image was cloned, and the name of the user's clone for each node.</summary>
    static async Task<object?> GetClonesAsync(RpcCall call)
    {
        if (await ParseNodesAsync(call).ConfigureAwait(false) is not { } nodes) return new object?[] { false, false, null };
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        lock (call.Host.World.Sync)
        {
            bool isNew = call.Host.Images.WelcomeUser(user);
            return new object?[] { true, isNew, nodes.ToDictionary(n => n.Name, _ => (object?)call.Host.Images.Default.Name,
                StringComparer.Ordinal) };
        }
    }

    static Task<object?> GetImagesTableAsync(RpcCall call)
    {
        string? user = call.TextOr(0, "username", "") is { Length: > 0 } name ? name : null;
        IReadOnlyList<string> fields = call.Texts(2, "fields");
        lock (call.Host.World.Sync)
        {
            if (user is not null) call.Host.Images.WelcomeUser(user);
            return Task.FromResult<object?>(call.Host.Images.All.Where(i => user is null || i.User == user)
                .Select(i => (object?)fields.Select(f => ImageField(call.Host, i, f)).ToArray()).ToList());
        }
    }

    static object? ImageField(WaltHost host, WaltImage image, string field) => field switch
    {
        "id" => image.Id,
        "name" => image.Name,
        "user" => image.User,
        "fullname" => image.FullName,
        "in_use" => host.IsInUse(image),
        "created" => image.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        "compatibility:compact" => string.Join(',', image.Models),
        "compatibility:tuple" => image.Models.Select(m => (object?)m).ToArray(),
        "clonable_link" => $"walt:{image.User}/{image.Name}",
        _ => throw new NoReplyException("field " + field),
    };
}
