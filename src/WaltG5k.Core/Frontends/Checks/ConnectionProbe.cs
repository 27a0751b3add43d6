using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Core.Frontends;

/// <summary>Tries out everything that the work at a site needs. Nothing is changed there.</summary>
public sealed partial class ConnectionProbe(IGrid grid)
{
    const int CommandNotFound = 127;
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30), s_clockTolerance = TimeSpan.FromSeconds(5), s_slowCommand = TimeSpan.FromSeconds(2);

    /// <summary>Tests one site; what fails becomes a finding.</summary>
    public async Task<ConnectionTest> RunAsync(string site, CancellationToken cancellationToken = default)
    {
        IFrontend frontend = grid.GetFrontend(site);
        var test = new ConnectionTest { Site = site, Frontend = frontend.Name };
        try
        {
            TimeSpan login = await MeasureAsync(frontend, cancellationToken).ConfigureAwait(false);
            TimeSpan command = await MeasureAsync(frontend, cancellationToken).ConfigureAwait(false);
            test = test with { IsReachable = true, LoginTime = login, CommandTime = command };
            test = await AddProgramsAsync(test, frontend, cancellationToken).ConfigureAwait(false);
            test = await AddClockAsync(test, frontend, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e)
        {
            return test with { IsReachable = false, Reason = (e as FrontendUnreachableException)?.Reason,
                Findings = [new ConnectionFinding(e.Code, e.Message, e.Recommendation ?? "")] };
        }
        if (test.CommandTime > s_slowCommand)
            test = Add(test, "FrontendSlow", $"A command takes {Seconds(test.CommandTime.Value)}.",
            "The front-end may be overloaded. Look at it with: uptime");
        return await AddApisAsync(test, cancellationToken).ConfigureAwait(false);
    }

    async Task<TimeSpan> MeasureAsync(IFrontend frontend, CancellationToken cancellationToken)
    {
        long start = grid.Time.GetTimestamp();
        await RunAsync(frontend, cancellationToken, "true").ConfigureAwait(false);
        return grid.Time.GetElapsedTime(start);
    }

    static async Task<ConnectionTest> AddProgramsAsync(ConnectionTest test, IFrontend frontend, CancellationToken cancellationToken)
    {
        CommandResult[] results = await Task.WhenAll(
            RunAsync(frontend, cancellationToken, "oarstat", "--version"),
            RunAsync(frontend, cancellationToken, "kadeploy3", "--version"),
            RunAsync(frontend, cancellationToken, "kavlan", "--help")).ConfigureAwait(false);
        Match version = Version().Match(results[0].Output);
        test = test with
        {
            OarVersion = version.Success ? version.Groups[1].Value : null,
            HasKadeploy = results[1].ExitStatus != CommandNotFound,
            HasKavlan = results[2].ExitStatus != CommandNotFound,
        };
        if (test.OarVersion is null) test = Add(test, "OarMissing", $"{frontend.Name} has no OAR: {results[0].LastLines(1)}",
            "Is this the site's front-end? Check: Connect-G5k -Destination");
        if (!test.HasKadeploy) test = Add(test, "KadeployMissing", $"{frontend.Name} has no kadeploy3.",
            "Nodes cannot be deployed from here: use another site's front-end.");
        if (!test.HasKavlan) test = Add(test, "KavlanMissing", $"{frontend.Name} has no kavlan.",
            "VLANs cannot be set from here: use another site's front-end.");
        return test;
    }

    async Task<ConnectionTest> AddClockAsync(ConnectionTest test, IFrontend frontend, CancellationToken cancellationToken)
    {
        DateTimeOffset before = grid.Time.GetUtcNow();
        CommandResult result = await RunAsync(frontend, cancellationToken, "date", "+%s %z").ConfigureAwait(false);
        DateTimeOffset after = grid.Time.GetUtcNow();
        if (ReadClock(result.Output) is not var (now, offset)) return test;
        // The answer was made at some moment in between, in whole seconds.
        TimeSpan difference = now < before - TimeSpan.FromSeconds(1) ? now - before : now > after ? now - after : TimeSpan.Zero;
        test = test with { ClockDifference = difference, UtcOffset = offset };
        return difference.Duration() > s_clockTolerance
            ? Add(test, "ClockDiffers", $"The clock of {frontend.Name} and ours differ by {Seconds(difference)}.",
            "Set this machine's clock: timedatectl set-ntp true. Reservations at a date start by the front-end's.")
            : test;
    }

    async Task<ConnectionTest> AddApisAsync(ConnectionTest test, CancellationToken cancellationToken)
    {
        string? failure = await GetFailureAsync(grid.Api, $"sites/{test.Site}", cancellationToken).ConfigureAwait(false);
        test = test with { IsApiReachable = failure is null };
        if (failure is not null) test = Add(test, "ApiUnreachable", $"The reference API does not tell about {test.Site}: {failure}",
            "See https://www.grid5000.fr/status/, or name another address: Connect-G5k -ApiUri");
        if (grid.GetOarApi(test.Site) is not { } oar) return test;
        failure = await GetFailureAsync(oar, "version.json", cancellationToken).ConfigureAwait(false);
        test = test with { IsOarApiReachable = failure is null };
        return failure is null ? test : Add(test, "OarApiUnreachable", $"OAR's interface at {test.Site} does not answer: {failure}",
            "Its commands are used instead, which are slower. Check: Connect-G5k -OarApi");
    }

    async Task<string?> GetFailureAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_limit, grid.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), stop.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }

    /// <summary>The time and the distance from UTC in <c>1763640000 +0100</c>.</summary>
    internal static (DateTimeOffset Now, TimeSpan Offset)? ReadClock(string text)
    {
        Match match = Clock().Match(text);
        if (!match.Success || !long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
            return null;
        var offset = new TimeSpan(int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture),
            int.Parse(match.Groups[4].ValueSpan, CultureInfo.InvariantCulture), 0);
        return (DateTimeOffset.FromUnixTimeSeconds(seconds), match.Groups[2].Value == "-" ? -offset : offset);
    }

    static Task<CommandResult> RunAsync(IFrontend frontend, CancellationToken cancellationToken, params string[] words) =>
        frontend.RunAsync(new CommandRequest(words) { Timeout = s_limit }, null, cancellationToken);

    static ConnectionTest Add(ConnectionTest test, string code, string title, string recommendation) =>
        test with { Findings = [.. test.Findings, new ConnectionFinding(code, title, recommendation)] };

    static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    [GeneratedRegex(@"version\s*:\s*(\d+(\.\d+)+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Version();

    [GeneratedRegex(@"^(\d{1,11}) ([+-])(\d\d)(\d\d)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Clock();
}
