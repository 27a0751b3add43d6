using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Walt.Images;

/// <summary>Paths inside images, as the server takes them.</summary>
static class ImagePath
{
    /// <summary>The absolute path; a relative one begins in root's home.</summary>
    /// <exception cref="G5kException"><c>ImagePathInvalid</c>: the server cuts its operands at colons, and its helper reads lines.</exception>
    public static string Require(string path)
    {
        if (path.Length == 0 || path.Any(c => c == ':' || char.IsControl(c)))
            throw new G5kException("ImagePathInvalid", ErrorKind.InvalidArgument,
                $"WalT cannot copy to or from the path '{path}' of an image: it must not hold colons or control characters.", path,
                "Rename it in the image: Edit-WaltImage");
        string full = path.StartsWith('/') ? path : "/root/" + path;
        return full.Length > 1 ? full.TrimEnd('/') : full;
    }

    public static string GetName(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>
    /// A word as it has to be within the parameters of a stream: the server puts it into a command for <c>sh -c</c>, between double quotes, and takes
    /// that apart as a shell does.
    /// </summary>
    public static string Quote(string word) =>
        PosixShell.Quote(word).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}

/// <summary>The client's side of a copy, as the server asks for it while it checks the request.</summary>
/// <param name="types">By path: <c>f</c> or <c>d</c>.</param>
sealed class CopiedItems(IReadOnlyDictionary<string, string> types) : Rpc.IRpcFileSystem
{
    public Task<string?> GetFileTypeAsync(string path, CancellationToken cancellationToken) => Task.FromResult(types.GetValueOrDefault(path));

    public Task<IReadOnlyList<string>> GetCompletionsAsync(string partialPath, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);
}
