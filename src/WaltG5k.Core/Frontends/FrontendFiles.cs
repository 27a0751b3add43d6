namespace WaltG5k.Core.Frontends;

/// <summary>Small text files where a front-end's commands run.</summary>
public static class FrontendFiles
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>The content of a file.</summary>
    /// <exception cref="CommandFailedException"><c>FileNotRead</c>.</exception>
    public static async Task<string> ReadFileAsync(this IFrontend frontend, string path, CancellationToken cancellationToken = default)
    {
        CommandResult result = await frontend.RunAsync(new CommandRequest("cat", path) { Timeout = s_limit }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return result.EnsureSuccess("FileNotRead", $"{path} could not be read on {frontend.Name}", path).Output;
    }

    /// <summary>Writes a file anew.</summary>
    /// <exception cref="CommandFailedException"><c>FileNotWritten</c>.</exception>
    public static async Task WriteFileAsync(this IFrontend frontend, string path, string text, CancellationToken cancellationToken = default)
    {
        CommandRequest request = new("tee", path) { Input = text, Timeout = s_limit, Effect = CommandEffect.Change };
        (await frontend.RunAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false)).EnsureSuccess("FileNotWritten", $"{path} could not be written on {frontend.Name}", path);
    }
}
