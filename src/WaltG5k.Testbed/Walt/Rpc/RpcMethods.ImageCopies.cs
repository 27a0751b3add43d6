using WaltG5k.Testbed.Walt.Images;

namespace WaltG5k.Testbed.Walt.Rpc;

/// <summary>What is checked before files are copied into or out of an image; the client is asked for its side.</summary>
internal static partial class RpcMethods
{
    const string CopyUsage =
        "Usage:\n$ walt image cp <local_file_path> <image>:<file_path>\nor\n$ walt image cp <image>:<file_path> <local_file_path>\n\n"
        + "Regular files as well as directories are accepted.";

    static Dictionary<string, RpcMethod> ImageCopyMethods() => new(StringComparer.Ordinal) { ["validate_image_cp"] = ValidateImageCopyAsync };

    static async Task<object?> ValidateImageCopyAsync(RpcCall call)
    {
        string[] operands = [call.Text(0, "src"), call.Text(1, "dst")];
        if (operands.Contains("booted-image")) return await FailCopyAsync(call,
            "Keyword 'booted-image' is only available with command 'walt node cp'.").ConfigureAwait(false);
        int imageOperand = Array.FindIndex(operands, o => o.Contains(':', StringComparison.Ordinal));
        if (imageOperand < 0 || operands.All(o => o.Contains(':', StringComparison.Ordinal)))
            return await FailCopyAsync(call, CopyUsage).ConfigureAwait(false);
        int colon = operands[imageOperand].LastIndexOf(':');
        string name = operands[imageOperand][..colon];
        string user = await call.Session.GetUserAsync().ConfigureAwait(false);
        if (FindImage(call.Host, user, name) is not WaltImage image) return await FailCopyAsync(call, NoSuchImage(name)).ConfigureAwait(false);
        bool needsConfirmation = imageOperand == 1 && CountUsers(call.Host, image.FullName) > 0;
        if (needsConfirmation)
        {
            await call.Session.PrintErrorAsync(FormattableString.Invariant(
                $"This operation would reboot {CountUsers(call.Host, image.FullName)} node(s) currently using the image.")).ConfigureAwait(false);
        }
        operands[imageOperand] = operands[imageOperand][(colon + 1)..];
        string[] paths = [.. operands.Select(o => o.TrimEnd('/') is var path && path.StartsWith('/') ? path : "./" + path)];
        Func<string, Task<string?>>[] kinds = new Func<string, Task<string?>>[2];
        kinds[imageOperand] = path => Task.FromResult(KindInImage(call.Host, image, path));
        kinds[1 - imageOperand] = async path => await call.Session.CallBackAsync("filesystem.get_file_type", path).ConfigureAwait(false) as string;
        return await DecideCopyAsync(call, paths, kinds, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["image_name"] = name,
            ["client_operand_index"] = 1 - imageOperand,
            ["status"] = needsConfirmation ? "NEEDS_CONFIRM" : "OK",
        }).ConfigureAwait(false);
    }

    static async Task<object?> DecideCopyAsync(RpcCall call, string[] paths, Func<string, Task<string?>>[] kinds, Dictionary<string, object?> info)
    {
        string? source = await kinds[0](paths[0]).ConfigureAwait(false), target = await kinds[1](paths[1]).ConfigureAwait(false);
        string directory = paths[1], name = BaseName(paths[0]);
        if (target is null && await kinds[1](ParentOf(paths[1])).ConfigureAwait(false) == "d")
            (target, directory, name) = ("d", ParentOf(paths[1]), BaseName(paths[1]));
        if (source is null || target is null) return await FailCopyAsync(call, "No such file or directory: " + paths[source is null ? 0 : 1])
            .ConfigureAwait(false);
        if (target == "f")
        {
            if (source == "d") return await FailCopyAsync(call,
                $"Invalid request. Overwriting regular file {paths[1]} with directory {paths[0]} is not allowed.").ConfigureAwait(false);
            (directory, name) = (ParentOf(paths[1]), BaseName(paths[1]));
        }
        (info["valid"], info["dst_dir"], info["dst_name"], info["src_path"]) = (true, directory, name, paths[0]);
        return info;
    }

    static string? KindInImage(WaltHost host, WaltImage image, string path)
    {
        lock (host.World.Sync) return host.Images.FilesOf(image)
            .GetKind(path.StartsWith("./", StringComparison.Ordinal) ? "/root/" + path[2..] : path);
    }

    static string BaseName(string path) => path[(path.LastIndexOf('/') + 1)..];

    static string ParentOf(string path) => ImageFiles.Parent(path);

    static Task<object?> FailCopyAsync(RpcCall call, string error) =>
        RefuseWithAsync(call, error, new Dictionary<string, object?>(StringComparer.Ordinal) { ["status"] = "FAILED" });

    static async Task<object?> RefuseWithAsync(RpcCall call, string error, object? answer)
    {
        await call.Session.PrintErrorAsync(error).ConfigureAwait(false);
        return answer;
    }
}
