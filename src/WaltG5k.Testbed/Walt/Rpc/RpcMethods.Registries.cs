using System.Numerics;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Walt.Images;

namespace WaltG5k.Testbed.Walt.Rpc;

/// <summary>Search, clone, publish: all that has to do with other places where images are. The Docker hub wants an account for everything.</summary>
internal static partial class RpcMethods
{
    static readonly TimeSpan s_pull = TimeSpan.FromSeconds(45);
    static readonly TimeSpan s_push = TimeSpan.FromSeconds(60);
    static readonly TimeSpan s_hubSearch = TimeSpan.FromSeconds(6);

    /// <summary>The public half of some key of the server.</summary>
    static readonly BigInteger s_serverKey = BigInteger.Pow(3, 1200) + 2;

    static Dictionary<string, RpcMethod> RegistryMethods() => new(StringComparer.Ordinal)
    {
        ["get_registries"] = _ => Task.FromResult<object?>(new object?[] { new object?[] { RemoteImages.Hub, "Public registry at hub.docker.com" } }),
        ["registry_login"] = async call => await GetAccountAsync(call, call.Text(0, "reg_name")).ConfigureAwait(false) is not null,
        ["search_images"] = SearchImagesAsync,
        ["clone_image"] = CloneImageAsync,
        ["publish_image"] = PublishImageAsync,
        ["update_default_images"] = UpdateDefaultImagesAsync,
    };

    /// <summary>The user's name at the hub; null when the client gives none, asked for twice as the real server does.</summary>
    static async Task<string?> GetAccountAsync(RpcCall call, string registry)
    {
        for (int attempt = 1; ; attempt++)
        {
            object? answer = await call.Session.CallBackAsync("get_registry_encrypted_credentials", registry, s_serverKey).ConfigureAwait(false);
            if (answer is Dictionary<string, object?> account)
            {
                return account.GetValueOrDefault("username") is string user
                    && account.GetValueOrDefault("encrypted_password") is byte[] { Length: > 0 } password && password.Length % 8 == 0
                    && account.GetValueOrDefault("client_pub_key") is BigInteger ? user : throw new NoReplyException("credentials");
            }
            if (attempt == 2) return null;
            await call.Session.CallBackAsync("prompt_missing_registry_credentials", registry).ConfigureAwait(false);
        }
    }

    static async Task<object?> SearchImagesAsync(RpcCall call)
    {
        string keyword = call.TextOr(0, "keyword", "");
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        if (await GetAccountAsync(call, RemoteImages.Hub).ConfigureAwait(false) is null) return false;
        await call.Host.World.PassAsync(s_hubSearch, call.Session.ClientGone).ConfigureAwait(false);
        RemoteImage[] local;
        lock (call.Host.World.Sync) local = [.. call.Host.Images.All.Where(i => i.User != user)
            .Select(i => new RemoteImage(RemoteImages.Server, i.FullName, i.Models))];
        string[][] rows =
        [
            .. local.Concat(RemoteImages.All).Where(i => i.Models.Count > 0 && LinkOf(i).Contains(keyword, StringComparison.Ordinal))
            .Select(i => new[]
            {
                i.FullName.Split('/')[0], NameOf(i), LocationOf(i.Location), string.Join(',', i.Models),
                i.MinimumVersion is int version ? $"[Need server upgrade, version>={version}]" : LinkOf(i),
            }),
        ];
        if (rows.Length == 0) await call.Session.PrintErrorAsync("Sorry, no image could match your request.").ConfigureAwait(false);
        else await call.Session.PrintAsync(WaltColumns.Write(["User", "Image name", "Location", "Compatibility", "Clonable link"], rows))
            .ConfigureAwait(false);
        return true;
    }

    static string NameOf(RemoteImage image) => Shorten(image.FullName[(image.FullName.IndexOf('/', StringComparison.Ordinal) + 1)..]);

    static string LinkOf(RemoteImage image) => $"{image.Location}:{Shorten(image.FullName)}";

    static string Shorten(string name) => name.EndsWith(":latest", StringComparison.Ordinal) ? name[..^":latest".Length] : name;

    static string LocationOf(string location) => location switch
    {
        RemoteImages.Server => "walt (other user)",
        RemoteImages.DockerDaemon => "docker daemon",
        _ => "docker hub",
    };

    static async Task<object?> CloneImageAsync(RpcCall call)
    {
        string link = call.Text(0, "clonable_link");
        bool force = call.FlagOr(1, "force", false);
        string? name = call.TextOr(2, "image_name", "") is { Length: > 0 } given ? given : null;
        (string? error, WaltImage? clone, bool existed) = await TryCloneAsync(call, link, force, name).ConfigureAwait(false);
        Dictionary<string, object?> failed = new(StringComparer.Ordinal) { ["status"] = "FAILED" };
        if (error is not null)
        {
            await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
            return failed;
        }
        await call.Session.CallBackAsync("set_default_busy_label").ConfigureAwait(false);
        if (existed && await RebootUsersAsync(call, clone!).ConfigureAwait(false) != "OK") return failed;
        call.Host.World.NotifyChanged();
        return new Dictionary<string, object?>(StringComparer.Ordinal) { ["status"] = "OK", ["image_name"] = clone!.Name };
    }

    static async Task<(string? Error, WaltImage? Clone, bool Existed)> TryCloneAsync(RpcCall call, string link, bool force, string? name)
    {
        WaltHost host = call.Host;
        if (name is not null && CheckImageName(name) is string bad) return (bad, null, false);
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        if (CloneLink().Match(link) is not { Success: true } parts || !RemoteImages.Locations.Contains(parts.Groups["location"].Value))
            return ("Invalid clonable image link. Format must be:\n[docker|walt|hub]:<user>/<image_name>[:<tag>]\n(tip: walt image search [<keyword>])", null, false);
        string location = parts.Groups["location"].Value, remoteName = parts.Groups["name"].Value;
        string fullName = WaltImageStore.FullNameOf(parts.Groups["user"].Value, remoteName);
        if (name is null)
        {
            name = NotInImageNames().Replace(remoteName.ToLowerInvariant(), "-");
            if (name != remoteName) await call.Session.PrintAsync($"Image will be recorded as \"{name}\" since original name is not valid in WALT.")
                .ConfigureAwait(false);
        }
        string target = WaltImageStore.FullNameOf(user, name);
        if (location == RemoteImages.Hub && await GetAccountAsync(call, RemoteImages.Hub).ConfigureAwait(false) is null)
            throw new NoReplyException("nobody answers a clone without credentials");
        WaltImage? local, existing;
        lock (host.World.Sync) (local, existing) = (location == RemoteImages.Server ? host.Images.Find(fullName) : null, host.Images.Find(target));
        RemoteImage? remote = local is not null ? new RemoteImage(location, fullName, local.Models) : RemoteImages.Find(location, fullName);
        if (remote is null) return ("No such remote image. Use walt image search <keyword>.", null, false);
        if (remote.Models.Count == 0) return ("Failed. This remote image does not indicate compatible node models.", null, false);
        if (location == RemoteImages.Server && fullName == target)
            return ($"Invalid clonable image link.\nImages of the form 'walt:{user}/<image_name>' already belong to\nyour working set and thus are not clonable.", null, false);
        if (existing is not null)
        {
            string[] models;
            lock (host.World.Sync) models = [.. host.Devices.Nodes.Where(n => n.Image == target).Select(n => n.Model).Distinct()
                .Except(remote.Models)];
            if (models.Length > 0)
            {
                return ("Sorry, cannot proceed. There is an image with the same name in your\nworking set. Overriding it is not allowed because it is currently\n"
                    + $"in use, and the target image is not compatible with node model {models[0]}.", null, false);
            }
            if (!force) return (OverwriteWarning(host, target) + "\nIf this is what you want, use force=True.", null, false);
        }
        if (local is null)
        {
            await host.World.PassAsync(s_pull, call.Session.ClientGone).ConfigureAwait(false);
            if (host.World.Faults.Strikes(FaultNames.WaltCloneFails, link))
                return ($"Error: copying system image from manifest list: reading blob of docker.io/{fullName}: unexpected EOF", null, false);
            if (host.World.Faults.Strikes(FaultNames.WaltDiskFull))
                return ("Error: writing blob: storing blob to file \"/var/tmp/storage\": write: no space left on device", null, false);
        }
        lock (host.World.Sync)
        {
            WaltImage clone = local is not null
                ? local with { FullName = target }
                : new WaltImage(target, Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("image " + fullName))), host.World.Time.GetUtcNow(),
                remote.Models);
            host.Images.Keep(clone.Id, host.Images.FilesOf(local ?? clone));
            host.Images.Add(clone);
            return (null, clone, existing is not null);
        }
    }

    static async Task<object?> PublishImageAsync(RpcCall call)
    {
        string registry = call.Text(0, "registry_label"), name = call.Text(1, "image_name");
        object?[] failed = [false];
        WaltImage? image = FindImage(call.Host, await call.Session.GetUserAsync().ConfigureAwait(false), name);
        if (image is null)
        {
            await call.Session.PrintErrorAsync(NoSuchImage(name)).ConfigureAwait(false);
            return failed;
        }
        if (registry != RemoteImages.Hub)
        {
            await call.Session.PrintErrorAsync($"Failed to communicate with {registry} registry. Aborted.").ConfigureAwait(false);
            return failed;
        }
        if (await GetAccountAsync(call, registry).ConfigureAwait(false) is not string account) return failed;
        await call.Host.World.PassAsync(s_push, call.Session.ClientGone).ConfigureAwait(false);
        return new object?[] { true, $"{registry}:{account}/{image.Name}" };
    }

    /// <summary>The emulated hub never has newer ones.</summary>
    static async Task<object?> UpdateDefaultImagesAsync(RpcCall call)
    {
        await GetAccountAsync(call, RemoteImages.Hub).ConfigureAwait(false);
        await call.Host.World.PassAsync(s_hubSearch, call.Session.ClientGone).ConfigureAwait(false);
        return null;
    }

    [GeneratedRegex("^(?<location>[^:]+):(?<user>[^/]+)/(?<name>[^/:]+(:[^/:]+)?)$")]
    private static partial Regex CloneLink();

    [GeneratedRegex("[^a-z0-9:]+")]
    private static partial Regex NotInImageNames();
}
