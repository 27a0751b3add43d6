using System.Globalization;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// Kadeploy's own REST interface, asked from the front-end, for the one thing that none of its commands does: ending somebody's operation. The server
/// knows
/// who asks by the connection from the front-end (ident) and wants the same name in a header.
/// </summary>
sealed class KadeployRest(IFrontend frontend, string user)
{
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    /// <summary>Ends an operation that runs, and lets the server forget it.</summary>
    /// <returns>False: the server knows no such operation (any more).</returns>
    /// <exception cref="G5kException"><c>NotWorkflowOwner</c>, <c>KadeployUnavailable</c>, <c>KadeployServerUnknown</c>.</exception>
    public async Task<bool> DeleteAsync(KadeployOperation operation, string id, CancellationToken cancellationToken)
    {
        KadeployServerAddress server = await FindServerAsync(cancellationToken).ConfigureAwait(false);
        string path = $"{operation.ToString().ToLowerInvariant()}/{Uri.EscapeDataString(id)}";
        // Its certificate is of its own making and its own clients do not look at it; no secret is sent.
        var request = new CommandRequest("curl", "-sSk", "--max-time", Seconds(s_timeout), "-X", "DELETE", "-H", $"{server.UserHeader}: {user}", "-w",
            "\\n%{http_code}", $"{server.Root}{path}")
        {
            Effect = CommandEffect.Change,
            Timeout = s_timeout + s_timeout,
        };
        CommandResult result = await frontend.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        string output = result.Output.TrimEnd();
        int mark = output.LastIndexOf('\n');
        string body = mark < 0 ? "" : output[..mark].Trim();
        return output[(mark + 1)..] switch
        {
            "200" when result.ExitStatus == 0 => true,
            // The number of the error is in a header; its words are the body.
            "400" when body.Contains("Invalid workflow", StringComparison.OrdinalIgnoreCase) => false,
            "401" or "403" => throw NotOwner(frontend.Site, id, body),
            _ => throw Unavailable(request, result, body),
        };
    }

    async Task<KadeployServerAddress> FindServerAsync(CancellationToken cancellationToken)
    {
        string? configuration = await frontend.TryReadFileAsync(KadeployServerAddress.ConfigurationFile, cancellationToken).ConfigureAwait(false);
        return KadeployServerAddress.Read(configuration ?? "") ?? throw new G5kException("KadeployServerUnknown", ErrorKind.ObjectNotFound,
            $"{KadeployServerAddress.ConfigurationFile} on the front-end of {frontend.Site} does not tell where its Kadeploy is.", frontend.Site,
            "Press Ctrl-C in the shell whose kadeploy3 runs the operation, or write to support-staff@lists.grid5000.fr.");
    }

    public static G5kException NotOwner(string site, string id, string said, Exception? inner = null) => new("NotWorkflowOwner",
        ErrorKind.PermissionDenied,
        $"Kadeploy at {site} lets only its owner stop {id}{(said.Length > 0 ? $": {said.Split('\n')[0]}" : ".")}", id,
            $"Your own operations: Get-KadeployWorkflow -Site {site} -User me", inner);

    CommandFailedException Unavailable(CommandRequest request, CommandResult result, string body) => new("KadeployUnavailable",
        $"Kadeploy's server at {frontend.Site} did not stop the operation{(body.Length > 0 ? $" ({body.Split('\n')[0]})" : "")}", result,
            frontend.Site,
        $"Try again in a minute, or on the front-end of {frontend.Site}: {request}", ErrorKind.ConnectionError);

    static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
