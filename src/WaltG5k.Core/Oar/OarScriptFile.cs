using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>A script of this machine, copied to the user's home on a front-end so that OAR can read its options and run it.</summary>
public static class OarScriptFile
{
    /// <summary>Where the copy of a script is kept, as a shell on the front-end reads it.</summary>
    public static string GetPath(string name) => $"~/.walt-g5k/scripts/{name}";

    /// <summary>Copies the text; a former copy of the same name is replaced.</summary>
    /// <param name="name">The name of the file, without folders.</param>
    /// <returns>The whole path on the front-end.</returns>
    /// <exception cref="G5kException"><c>ScriptNotCopied</c>.</exception>
    public static async Task<string> CopyAsync(IFrontend frontend, string name, string text, CancellationToken cancellationToken = default)
    {
        try
        {
            return await frontend.StoreAsync("scripts", name, text, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFailedException e)
        {
            throw new CommandFailedException("ScriptNotCopied", $"The script could not be copied to {frontend.Site}", e.Result, name,
                "Check your quota and the rights of ~/.walt-g5k on the front-end, or copy it yourself and name it with -ScriptPath.");
        }
    }
}
