using System.Globalization;
using System.Security.Cryptography;

namespace WaltG5k.Core.Frontends;

/// <summary>
/// Small files of the user on a front-end, by plain commands: <c>cat</c>, <c>tee</c>, <c>mv</c>, <c>rm</c>, <c>mkdir</c>, <c>test</c>, <c>tail</c>.
/// </summary>
public static class FrontendFiles
{
    /// <summary>The whole text of a file.</summary>
    /// <exception cref="CommandFailedException"><c>FileNotRead</c>.</exception>
    public static async Task<string> ReadFileAsync(this IFrontend frontend, string path, CancellationToken cancellationToken = default)
    {
        CommandResult result = await RunAsync(frontend, CommandEffect.Read, cancellationToken, "cat", "--", path).ConfigureAwait(false);
        return result.ExitStatus == 0 ? result.Output : throw NotRead(result, path);
    }

    /// <summary>The whole text of a file; null when there is none.</summary>
    /// <exception cref="CommandFailedException"><c>FileNotRead</c>: it is there, but cannot be read.</exception>
    public static async Task<string?> TryReadFileAsync(this IFrontend frontend, string path, CancellationToken cancellationToken = default)
    {
        CommandResult result = await RunAsync(frontend, CommandEffect.Read, cancellationToken, "cat", "--", path).ConfigureAwait(false);
        if (result.ExitStatus == 0) return result.Output;
        return IsMissing(result) ? null : throw NotRead(result, path);
    }

    /// <summary>What a file holds from an offset on, for a file that grows.</summary>
    /// <param name="offset">In bytes.</param>
    /// <exception cref="CommandFailedException"><c>FileNotRead</c>.</exception>
    public static async Task<string> ReadFileFromAsync(this IFrontend frontend, string path, long offset,
        CancellationToken cancellationToken = default)
    {
        string start = string.Create(CultureInfo.InvariantCulture, $"+{offset + 1}");
        CommandResult result = await RunAsync(frontend, CommandEffect.Read, cancellationToken, "tail", "-c", start, "--", path).ConfigureAwait(false);
        return result.ExitStatus == 0 ? result.Output : throw NotRead(result, path);
    }

    /// <summary>Writes a file so that a reader sees the old text or the new one: beside it first, then under its name.</summary>
    /// <exception cref="CommandFailedException"><c>FileNotWritten</c>.</exception>
    public static async Task WriteFileAsync(this IFrontend frontend, string path, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frontend);
        string temporary = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            var write = new CommandRequest("tee", "--", temporary) { Input = text, Effect = CommandEffect.Change };
            RequireWritten(await frontend.RunAsync(write, null, cancellationToken).ConfigureAwait(false), path);
            RequireWritten(await RunAsync(frontend, CommandEffect.Change, cancellationToken, "mv", "--", temporary, path).ConfigureAwait(false),
                path);
        }
        catch (CommandFailedException)
        {
            await frontend.DeleteFileAsync(temporary, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Puts text into a file of <c>~/.walt-g5k/FOLDER</c>, in one go and under its final name only when it is whole: who reads it never sees half of
    /// it.
    /// </summary>
    /// <param name="folder">A plain word.</param>
    /// <param name="name">Without folders.</param>
    /// <returns>The whole path on the front-end.</returns>
    /// <exception cref="CommandFailedException"><c>FileNotWritten</c>.</exception>
    public static async Task<string> StoreAsync(this IFrontend frontend, string folder, string name, string text,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frontend);
        string place = $"\"$HOME/.walt-g5k/{folder}\"", file = PosixShell.Quote("./" + name); // not an option, whatever it begins with
        string line = $"mkdir -p {place} && cd {place} && cat > {file}.new && chmod 755 {file}.new && mv -f {file}.new {file} && pwd";
        var request = new CommandRequest("sh", "-c", line) { Input = text, Effect = CommandEffect.Change };
        CommandResult result = await frontend.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        RequireWritten(result, $"~/.walt-g5k/{folder}/{name}");
        string? path = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(l => l.StartsWith('/'));
        return path is not null ? $"{path}/{name}"
            : throw Failed("FileNotWritten", $"The front-end of {frontend.Site} does not say where {name} is", result, name, ErrorKind.ProtocolError);
    }

    public static async Task<bool> FileExistsAsync(this IFrontend frontend, string path, CancellationToken cancellationToken = default) =>
        (await RunAsync(frontend, CommandEffect.Read, cancellationToken, "test", "-e", path).ConfigureAwait(false)).ExitStatus == 0;

    /// <summary>Makes a folder and those above it; one that is there is left as it is.</summary>
    /// <exception cref="CommandFailedException"><c>FolderNotMade</c>.</exception>
    public static async Task CreateFolderAsync(this IFrontend frontend, string path, CancellationToken cancellationToken = default)
    {
        CommandResult result = await RunAsync(frontend, CommandEffect.Change, cancellationToken, "mkdir", "-p", "--", path).ConfigureAwait(false);
        if (result.ExitStatus != 0) throw Failed("FolderNotMade", $"The folder {path} cannot be made", result, path, ErrorKind.WriteError);
    }

    /// <summary>Deletes a file; that there is none is no error.</summary>
    /// <exception cref="CommandFailedException"><c>FileNotDeleted</c>.</exception>
    public static async Task DeleteFileAsync(this IFrontend frontend, string path, CancellationToken cancellationToken = default)
    {
        CommandResult result = await RunAsync(frontend, CommandEffect.Change, cancellationToken, "rm", "-f", "--", path).ConfigureAwait(false);
        if (result.ExitStatus != 0) throw Failed("FileNotDeleted", $"{path} cannot be deleted", result, path, ErrorKind.WriteError);
    }

    static Task<CommandResult> RunAsync(IFrontend frontend, CommandEffect effect, CancellationToken cancellationToken, params string[] words) =>
        frontend.RunAsync(new CommandRequest(words) { Effect = effect }, null, cancellationToken);

    static bool IsMissing(CommandResult result) => result.Error.Contains("No such file", StringComparison.Ordinal);

    static CommandFailedException NotRead(CommandResult result, string path) =>
        Failed("FileNotRead", $"{path} cannot be read", result, path, IsMissing(result) ? ErrorKind.ObjectNotFound : ErrorKind.ReadError);

    static void RequireWritten(CommandResult result, string path)
    {
        if (result.ExitStatus != 0) throw Failed("FileNotWritten", $"{path} cannot be written", result, path, ErrorKind.WriteError);
    }

    static CommandFailedException Failed(string code, string what, CommandResult result, string path, ErrorKind kind) =>
        new(code, what, result, path, $"Check the folder, its rights and your quota: ls -la {PosixShell.Quote(path)}; quota", kind);
}
