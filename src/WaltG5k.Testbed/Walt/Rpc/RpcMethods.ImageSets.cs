using System.Globalization;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Walt.Images;

namespace WaltG5k.Testbed.Walt.Rpc;

/// <summary>What changes the set of a user's images, or an image as a whole.</summary>
internal static partial class RpcMethods
{
    const string BadImageName =
        "Bad name: expected format is <name> or <name>:<tag>.\nOnly lowercase letters, digits and dash(-) characters are allowed in <name> and <tag>.";

    static readonly TimeSpan s_squash = TimeSpan.FromSeconds(20);

    static Dictionary<string, RpcMethod> ImageSetMethods() => new(StringComparer.Ordinal)
    {
        ["duplicate_image"] = call => CopyImageAsync(call, keepsOriginal: true),
        ["rename_image"] = call => CopyImageAsync(call, keepsOriginal: false),
        ["remove_image"] = RemoveImageAsync,
        ["squash_image"] = SquashImageAsync,
        ["show_images"] = ShowImagesAsync,
        ["fix_image_owner"] = FixOwnerAsync,
    };

    static string? CheckImageName(string name) =>
        name == "default" ? "Sorry 'default' is a reserved keyword." : WaltImageStore.IsValidName(name) ? null : BadImageName;

    static async Task<object?> CopyImageAsync(RpcCall call, bool keepsOriginal)
    {
        string name = call.Text(0, "image_name"), newName = call.Text(1, "new_name");
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        string? error = CheckImageName(newName);
        WaltImage? image = error is null ? FindImage(call.Host, user, name) : null;
        lock (call.Host.World.Sync)
        {
            if (error is not null) { }
            else if (image is null) error = NoSuchImage(name);
            else if (!keepsOriginal && call.Host.IsInUse(image)) error = "Sorry, cannot proceed because the image is in use.";
            else if (call.Host.Images.TryFind(user, newName, out _)) error = $"Error: Image '{newName}' already exists.";
            else
            {
                call.Host.Images.Keep(image.Id, call.Host.Images.FilesOf(image));
                call.Host.Images.Add(image with { FullName = WaltImageStore.FullNameOf(user, newName) });
                if (!keepsOriginal) call.Host.Images.Remove(image);
            }
        }
        call.Host.World.NotifyChanged();
        return await SucceedUnlessAsync(call, error).ConfigureAwait(false);
    }

    static async Task<object?> RemoveImageAsync(RpcCall call)
    {
        string name = call.Text(0, "image_name");
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        WaltImage? image = FindImage(call.Host, user, name);
        string? error = image is null ? NoSuchImage(name) : null;
        lock (call.Host.World.Sync)
        {
            if (image is not null && call.Host.IsInUse(image)) error = "Sorry, cannot proceed because the image is in use.";
            else if (image is not null) call.Host.Images.Remove(image);
        }
        call.Host.World.NotifyChanged();
        return await SucceedUnlessAsync(call, error).ConfigureAwait(false);
    }

    static async Task<object?> SquashImageAsync(RpcCall call)
    {
        string name = call.Text(0, "image_name");
        bool confirmed = call.FlagOr(1, "confirmed", false);
        WaltHost host = call.Host;
        WaltImage? image = FindImage(host, await call.Session.GetUserAsync().ConfigureAwait(false), name);
        string? error = image is null ? NoSuchImage(name) : BusyWith(host, image, name);
        if (error is not null)
        {
            await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
            return "FAILED";
        }
        int users = CountUsers(host, image!.FullName);
        if (!confirmed && users > 0)
        {
            await call.Session.PrintErrorAsync(string.Create(CultureInfo.InvariantCulture,
                $"This operation would reboot {users} node(s) currently using the image.")).ConfigureAwait(false);
            return "NEEDS_CONFIRM";
        }
        lock (host.World.Sync) host.Images.Tasks[image.FullName] = "squash process";
        try
        {
            await host.World.PassAsync(s_squash, call.Session.ClientGone).ConfigureAwait(false);
        }
        finally
        {
            lock (host.World.Sync) host.Images.Tasks.Remove(image.FullName);
        }
        WaltImage squashed;
        lock (host.World.Sync) squashed = host.Images.Commit(image.FullName, host.Images.FilesOf(image), host.World.Time.GetUtcNow(), image,
            layers: 1);
        await call.Session.PrintAsync("Image was squashed successfully.").ConfigureAwait(false);
        await RebootUsersAsync(call, squashed).ConfigureAwait(false);
        return "OK";
    }

    /// <summary>Images of somebody who is no more become the user's own.</summary>
    static async Task<object?> FixOwnerAsync(RpcCall call)
    {
        string other = call.Text(0, "other_user");
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        string? error = null;
        int moved = 0;
        lock (call.Host.World.Sync)
        {
            WaltImage[] images = [.. call.Host.Images.All.Where(i => i.User == other)];
            if (images.FirstOrDefault(call.Host.IsInUse) is not null) error = $"Sorry, cannot proceed because some images of {other} are in use.";
            foreach (WaltImage image in error is null ? images : [])
            {
                if (call.Host.Images.Find($"{user}/{image.NameAndTag}") is not null) continue;
                call.Host.Images.Remove(image);
                call.Host.Images.Add(image with { FullName = $"{user}/{image.NameAndTag}" });
                moved++;
            }
        }
        if (error is not null) await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
        else await call.Session.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"Done. {moved} image(s) now belong to you."))
            .ConfigureAwait(false);
        return null;
    }

    /// <summary>Tables for the eye; with names_only the names of the user's images, one per line.</summary>
    static async Task<object?> ShowImagesAsync(RpcCall call)
    {
        string user = call.TextOr(0, "username", "") is { Length: > 0 } given ? given : await call.Session.GetUserAsync().ConfigureAwait(false);
        bool all = call.FlagOr(1, "show_all", false), namesOnly = call.FlagOr(2, "names_only", false);
        lock (call.Host.World.Sync)
        {
            call.Host.Images.WelcomeUser(user);
            WaltImage[] own = [.. call.Host.Images.All.Where(i => i.User == user)], others = [.. call.Host.Images.All.Where(i => i.User != user)];
            if (namesOnly) return string.Join('\n', own.Select(i => i.Name));
            string text = "Your working set is made of the following images:\n\n" + WaltColumns.Write(["name", "in-use", "created", "compatibility"],
                [.. own.Select(i => new[] { i.Name, call.Host.IsInUse(i) ? "True" : "False", $"{ImageField(call.Host, i, "created")}",
                string.Join(',', i.Models) })]);
            return all
                ? text + "\n\nOther users of this platform have created the following images:\n\n"
                    + WaltColumns.Write(["user", "name", "created", "clonable-link"],
                    [.. others.Select(i => new[] { i.User, i.Name, $"{ImageField(call.Host, i, "created")}", $"walt:{i.User}/{i.Name}" })])
                : text + (others.Length > 0 ? "\n\nRe-run with --all to see all OS images on this platform." : "");
        }
    }

    static string? BusyWith(WaltHost host, WaltImage image, string name)
    {
        lock (host.World.Sync) return host.Images.Tasks.TryGetValue(image.FullName, out string? task)
            ? $"Cannot open image {name} because a {task} is already running."
            : null;
    }

    static int CountUsers(WaltHost host, string fullName)
    {
        lock (host.World.Sync) return host.Devices.Nodes.Count(n => n.Image == fullName);
    }

    static string OverwriteWarning(WaltHost host, string fullName) => CountUsers(host, fullName) is > 0 and int count
        ? string.Create(CultureInfo.InvariantCulture,
        $"An image has the same name in your working set.\nThis operation would overwrite it (and reboot {count} node(s)).")
        : "An image has the same name in your working set.\nThis operation would overwrite it.";

    /// <summary>An image was replaced: it is mounted, then the nodes that boot it are rebooted.</summary>
    static async Task<string> RebootUsersAsync(RpcCall call, WaltImage image)
    {
        WaltDevice[] users;
        lock (call.Host.World.Sync) users = [.. call.Host.Devices.Nodes.Where(n => n.Image == image.FullName)];
        call.Host.World.NotifyChanged();
        if (users.Length == 0) return "OK";
        await call.Host.RemountAsync(image).ConfigureAwait(false);
        await call.Session.PrintAsync($"Trying to reboot {WaltSentences.Object([.. users.Select(n => n.Name)])} using this image...")
            .ConfigureAwait(false);
        return await RebootAsync(call, users, hardOnly: false, "image change").ConfigureAwait(false);
    }
}
