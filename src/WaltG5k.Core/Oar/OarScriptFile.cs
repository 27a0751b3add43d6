using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>A script of this machine, copied to the user's home on a front-end so that OAR can read its options and run it.</summary>
public static class OarScriptFile
{
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>Where the copy of a script is kept, as a shell on the front-end reads it.</summary>
    public static string GetPath(string name) => $"~/.walt-g5k/scripts/{name}";

    /// <summary>Copies the text; a former copy of the same name is replaced.</summary>
    /// <param name="name">The name of the file, without folders.</param>
    /// <returns>The whole path on the front-end.</returns>
    /// <exception cref="G5kException"><c>ScriptNotCopied</c>.</exception>
    public static async Task<string> CopyAsync(IFrontend frontend, string name, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frontend);
        string file = PosixShell.Quote("./" + name); // not an option, whatever it begins with
        // In one go, and under its final name only when it is whole: a job that reads it never sees half of it.
        string line = $"mkdir -p \"$HOME/.walt-g5k/scripts\" && cd \"$HOME/.walt-g5k/scripts\" && cat > {file}.new && chmod 755 {file}.new && mv -f {file}.new {file} && pwd";
        var request = new CommandRequest("sh", "-c", line) { Input = text, Effect = CommandEffect.Change, Timeout = s_timeout };
        CommandResult result = await frontend.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        result.EnsureSuccess("ScriptNotCopied", $"The script could not be copied to {frontend.Site}", name, "Check your quota and the rights of ~/.walt-g5k on the front-end.");
        string folder = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault(l => l.StartsWith('/'))
            ?? throw new CommandFailedException("ScriptNotCopied", $"The front-end of {frontend.Site} does not say where the script is", result, name, "Copy it yourself, and name it with -ScriptPath.", ErrorKind.ProtocolError);
        return $"{folder}/{name}";
    }
}
