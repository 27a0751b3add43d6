using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.VirtualMachines.Seeds;

/// <summary>Seeds on their way to where QEMU runs: as text, because nothing else passes through every shell unchanged.</summary>
public static class SeedFiles
{
    /// <summary>
    /// A line for a POSIX shell that writes its input, the text of <see cref="ToText"/>, as a seed: under its name only when it is whole.
    /// </summary>
    public static string WriteLine(string path)
    {
        string target = PosixShell.Quote(path), part = PosixShell.Quote(path + ".part");
        return $"base64 -d > {part} && mv -f -- {part} {target}";
    }

    public static string ToText(byte[] image) =>
        Convert.ToBase64String(image, Base64FormattingOptions.InsertLineBreaks).Replace("\r", "", StringComparison.Ordinal) + "\n";

    /// <exception cref="CommandFailedException"><c>SeedNotWritten</c>.</exception>
    public static async Task WriteSeedAsync(this IFrontend frontend, string path, CloudInitSeed seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frontend);
        ArgumentNullException.ThrowIfNull(seed);
        var request = new CommandRequest("sh", "-c", WriteLine(path)) { Input = ToText(seed.ToImage()), Effect = CommandEffect.Change };
        CommandResult result = await frontend.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus != 0) throw new CommandFailedException("SeedNotWritten", $"The seed {path} cannot be written", result, path,
            "Check the folder and your quota: quota", ErrorKind.WriteError);
    }
}
