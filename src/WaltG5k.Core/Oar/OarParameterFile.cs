using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>
/// The file with the parameters of an array, on the front-end while oarsub runs. It lies in /tmp and is readable by all: oarsub opens it as user oar,
/// for whom homes are closed.
/// </summary>
sealed class OarParameterFile(IFrontend frontend, string path) : IAsyncDisposable
{
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    public string Path => path;

    /// <summary>Writes the lines to a new file.</summary>
    /// <exception cref="G5kException"><c>SubmissionFailed</c>, <c>SubmissionRefused</c> (a parameter with a line break).</exception>
    public static async Task<OarParameterFile> CreateAsync(IFrontend frontend, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        if (lines.FirstOrDefault(l => l.AsSpan().ContainsAny("\r\n\0")) is { } wrong)
        {
            throw new G5kException("SubmissionRefused", ErrorKind.InvalidArgument, "The parameters of one job of an array stand on one line.", wrong,
                "Give one text for each job, without line breaks.");
        }
        var file = new OarParameterFile(frontend, $"/tmp/walt-g5k-{Guid.NewGuid():N}.params");
        var request = new CommandRequest("tee", "--", file.Path) { Input = string.Concat(lines.Select(l => l + "\n")), Effect = CommandEffect.Change,
            Timeout = s_timeout };
        CommandResult result = await frontend.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        result.EnsureSuccess("SubmissionFailed", $"The parameters of the array could not be written at {frontend.Site}", frontend.Site,
            "Check the space in /tmp on the front-end: df /tmp");
        return file;
    }

    /// <summary>Removes it as far as that is possible: a leftover does no harm.</summary>
    public async ValueTask DisposeAsync()
    {
        var request = new CommandRequest("rm", "-f", "--", path) { Effect = CommandEffect.Change, Timeout = s_timeout };
        try
        {
            await frontend.RunAsync(request, null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (G5kException)
        {
            // The front-end is gone; /tmp is emptied there.
        }
    }
}
