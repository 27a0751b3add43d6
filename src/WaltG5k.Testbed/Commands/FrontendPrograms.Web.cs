using System.Globalization;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Kadeploy.Environments;

namespace WaltG5k.Testbed.Commands;

/// <summary>curl, for what there is of the web: the users' web folders, and Kadeploy's own interface.</summary>
internal static partial class FrontendPrograms
{
    static readonly OptionTable s_curlOptions = new("-k --insecure", "-s --silent", "-S --show-error", "-f --fail", "-L --location", "-i --include",
        "-m --max-time=",
        "--max-filesize=", "-X --request=", "-H --header=", "-w --write-out=");

    static async Task<int> FetchAsync(ProgramCall call)
    {
        const int badOption = 2, hostUnknown = 6;
        ParsedOptions options;
        try { options = s_curlOptions.Parse(call.Context.Arguments); }
        catch (OptionException e) { return call.Fail($"option {e.Message[(e.Message.LastIndexOf(' ') + 1)..]}: is unknown", badOption); }
        string url = options.Positional is [.., string last] ? last : "";
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Port == KadeployRest.Port
            && call.Context.World.Kadeploy is { } kadeploy)
        {
            return call.Context.World.Sites.Keys.FirstOrDefault(s => KadeployRest.HostOf(s) == address.Host) is { } site
                ? await AskKadeployAsync(call, options, kadeploy, site, address).ConfigureAwait(false)
                : call.Fail($"(6) Could not resolve host: {address.Host}", hostUnknown);
        }
        return FetchPublic(call, url);
    }

    static async Task<int> AskKadeployAsync(ProgramCall call, ParsedOptions options, KadeployServer kadeploy, string site, Uri address)
    {
        const int httpError = 22, badCertificate = 60;
        if (!options.Has("--insecure")) return call.Fail("(60) SSL certificate problem: self-signed certificate", badCertificate);
        string? user = options.All("--header").Select(h => h.Split(':', 2)).FirstOrDefault(h => h[0].Equals(KadeployRest.UserHeader,
            StringComparison.OrdinalIgnoreCase))?[1].Trim();
        RestAnswer answer = await new KadeployRest(kadeploy).AnswerAsync(site, options.Last("--request") ?? "GET", address.AbsolutePath, user,
            call.Context.Interrupted).ConfigureAwait(false);
        if (options.Has("--fail") && answer.Status >= 400) return call.Fail(string.Create(CultureInfo.InvariantCulture,
            $"(22) The requested URL returned error: {answer.Status}"), httpError);
        string status = answer.Status.ToString(CultureInfo.InvariantCulture);
        string after = (options.Last("--write-out") ?? "").Replace("\\n", "\n", StringComparison.Ordinal).Replace("%{http_code}", status,
            StringComparison.Ordinal);
        call.Context.Write(answer.Body + after);
        return 0;
    }

    static int FetchPublic(ProgramCall call, string url)
    {
        const int hostUnknown = 6, httpError = 22;
        try
        {
            if (EnvironmentFiles.Fetch(call.Context, url) is not { } bytes || !url.StartsWith("http",
                StringComparison.Ordinal)) return call.Fail($"(6) Could not resolve host: {url}", hostUnknown);
            call.Context.Write(Ssh.NodeBytes.ToText(bytes));
            return 0;
        }
        catch (RequestException)
        {
            return call.Fail("(22) The requested URL returned error: 404", httpError);
        }
    }
}
