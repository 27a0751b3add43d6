using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Descriptions behind URLs.</summary>
public static class DescriptionSource
{
    /// <summary>A description is small: anything larger is something else.</summary>
    const int MaximumLength = 1 << 20;

    /// <summary>Fetches it from a front-end, which sees the web servers of all sites where this machine may not.</summary>
    /// <exception cref="G5kException"><c>DescriptionNotFetched</c>.</exception>
    public static async Task<string> FetchAsync(IFrontend frontend, Uri uri, CancellationToken cancellationToken = default)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https"))
            throw new G5kException("DescriptionNotFetched", ErrorKind.InvalidArgument, $"'{uri}' is no URL of a web server.", uri,
                "Write it whole: http://public.nancy.grid5000.fr/~LOGIN/NAME.yaml");
        var request = new CommandRequest("curl", "-fsSL", "--max-time", "30", "--max-filesize", FormattableString.Invariant($"{MaximumLength}"),
            "--", uri.AbsoluteUri);
        CommandResult result = await frontend.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        return result.ExitStatus == 0 ? result.Output
            : throw new CommandFailedException("DescriptionNotFetched", $"{uri} cannot be fetched", result, uri,
            $"Files in ~/public of a site are http://public.{frontend.Site}.grid5000.fr/~LOGIN/…: check the name, and that others may read the file.", ErrorKind.ObjectNotFound);
    }
}
