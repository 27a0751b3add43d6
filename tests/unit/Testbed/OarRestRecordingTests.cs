using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Oar;

namespace WaltG5k.Tests.Testbed;

/// <summary>
/// The emulated REST interface against recordings of the real one: same status, same keys, same kinds of values, same words in refusals.
/// </summary>
public partial class OarRestRecordingTests
{
    const string Deploy = """{"resource":"nodes=1,walltime=0:20","type":["deploy"],"command":"sleep 1200"}""";

    /// <summary>What there is before: jobs by the names that stand in braces in a request.</summary>
    static readonly Dictionary<string, (string Job, double Seconds)> s_jobs = new()
    {
        ["running"] = ("""{"resource":"{type='kavlan'}/vlan=1+{cluster='gros'}/nodes=2,walltime=0:20","type":"deploy","command":"sleep 1200"}""", 30),
        ["waiting"] = (Deploy, 0),
        ["named"] = ("""{"resource":"nodes=2,walltime=0:20","command":"sleep 1200","type":["deploy"],"name":"apijob"}""", 30),
        ["held"] = ("""{"resource":"nodes=1,walltime=0:05","type":["deploy"],"hold":"1","name":"held","command":"sleep 100"}""", 0),
        ["reserved"] = ("""{"resource":"nodes=1,walltime=0:10","type":"deploy","command":"sleep 600","reservation":"2026-03-25 08:13:29"}""", 5),
        ["ended"] = ("""{"resource":"nodes=1,walltime=0:0:10","type":["deploy"],"command":"sleep 1200"}""", 60),
        ["ended too"] = ("""{"resource":"nodes=1,walltime=0:0:10","type":["deploy"],"command":"sleep 1200"}""", 60),
        ["ended as well"] = ("""{"resource":"nodes=1,walltime=0:0:10","type":["deploy"],"command":"sleep 1200"}""", 60),
        ["starting"] = ("""{"resource":"nodes=1,walltime=0:05","type":["deploy"],"name":"é\"ç\\z","command":"echo \"à b\"; sleep 120"}""", 1),
        ["with subnet"] =
        ("""{"resource":"slash_22=1+{type='kavlan-local'}/vlan=1+{cluster='gros'}/nodes=1,walltime=0:20","type":["deploy"],"command":"sleep 1200"}""", 30),
        ["reserved vlan"] =
        ("""{"resource":"{type='kavlan'}/vlan=1+{cluster='gros'}/nodes=1,walltime=0:10","type":"deploy","reservation":"2026-03-25 08:13:29"}""", 5),
        ["pair"] = (
        """{"resource":"{type='kavlan-global'}/vlan=1+{cluster='gros'}/nodes=2,walltime=0:10","type":"deploy","name":"pair","reservation":"SOON"}""",
        60),
        ["full"] = ("""{"resource":"nodes=ALL,walltime=0:10","command":"sleep 600","type":"deploy","reservation":"2026-03-25 08:13:30"}""", 5),
    };

    /// <summary>
    /// The recording; the request with jobs of <see cref="s_jobs"/> in braces; its body (of a request without one: what is asked of its job before
    /// it); the user, if it is not the job's; a fault.
    /// </summary>
    public static TheoryData<string, string, string?, string?, string?> Recordings => new()
    {
        { "rest-root", "GET ", null, null, null },
        { "rest-version", "GET version.json", null, null, null },
        { "rest-timezone", "GET timezone.json", null, null, null },
        { "rest-whoami", "GET whoami.json", null, null, null },
        { "rest-jobs-empty", "GET jobs.json", null, null, null },
        { "rest-jobs", "GET jobs.json#{running}{named}", null, null, null },
        { "rest-job-running", "GET jobs/{running}.json", null, null, null },
        { "rest-job-reservation", "GET jobs/{reserved}.json", null, null, null },
        { "rest-job-held", "GET jobs/{held}.json", null, null, null },
        { "rest-job-unknown", "GET jobs/99999.json", null, null, null },
        { "rest-job-anonymous", "GET jobs/{running}.json", null, "", null },
        { "rest-job-nodes", "GET jobs/{running}/nodes.json", null, null, null },
        { "rest-job-nodes-reserved", "GET jobs/{reserved}/nodes.json", null, null, null },
        { "rest-node-unknown", "GET resources/nodes/nosuch-1.nancy.grid5000.fr.json", null, null, null },
        { "rest-post", "POST jobs.json", """{"resource":"nodes=2,walltime=0:20","command":"sleep 1200","type":["deploy"],"name":"apijob"}""", null,
        null },
        { "rest-post-hold", "POST jobs.json",
        """{"resource":"nodes=1,walltime=0:05","command":"sleep 100","type":["deploy"],"hold":"1","name":"held"}""", null, null },
        { "rest-post-script", "POST jobs.json",
        """{"resource":"nodes=1,walltime=0:05","script":"#!/bin/bash\nhostname\n","type":"deploy","workdir":"/home/jdoe"}""", null, null },
        { "rest-post-reservation", "POST jobs.json",
        """{"resource":"nodes=1,walltime=0:10","command":"sleep 600","type":"deploy","reservation":"2026-03-25 08:13:29"}""", null, null },
        { "rest-post-reservation-no-command", "POST jobs.json",
        """{"resource":"nodes=1,walltime=0:10","type":"deploy","reservation":"2026-03-25 08:13:29"}""", null, null },
        { "rest-post-refused", "POST jobs.json", """{"resource":"nodes=9000,walltime=0:20","type":"deploy","command":"sleep 1200"}""", null, null },
        { "rest-post-rule", "POST jobs.json", """{"resource":"core=1","type":"deploy","command":"sleep 1"}""", null, null },
        { "rest-post-unknown-field", "POST jobs.json", """{"resource":"nodes=1","types":"deploy","command":"sleep 5"}""", null, null },
        { "rest-post-no-command", "POST jobs.json", """{"resource":"nodes=1,walltime=0:10","type":"deploy"}""", null, null },
        { "rest-post-anonymous", "POST jobs.json", Deploy, "", null },
        { "rest-post-server-down", "POST jobs.json", """{"type":"deploy","resource":"nodes=1,walltime=0:20","command":"sleep 1200"}""", null,
        "oar-server-down" },
        { "rest-delete", "DELETE jobs/{running}.json", null, null, null },
        { "rest-delete-other-user", "DELETE jobs/{running}.json", null, "other", null },
        { "rest-post-delete", "POST jobs/{reserved}.json", """{"method":"delete"}""", null, null },
        { "rest-hold", "POST jobs/{waiting}.json", """{"method":"hold"}""", null, null },
        { "rest-hold-running", "POST jobs/{running}.json", """{"method":"hold"}""", null, null },
        { "rest-checkpoint", "POST jobs/{running}.json", """{"method":"checkpoint"}""", null, null },
        { "rest-signal-name", "POST jobs/{running}.json", """{"method":"signal","signal":"SIGUSR2"}""", null, null },
        { "rest-walltime-change", "POST jobs/{running}.json", """{"method":"walltime-change","walltime":"+0:10:0"}""", null, null },
        { "rest-walltime-other-user", "POST jobs/{running}.json", """{"method":"walltime-change","walltime":"+0:10:0"}""", "other", null },
        { "rest-walltime-disabled", "POST jobs/{running}.json", """{"method":"walltime-change","walltime":"+0:10:0"}""", null,
        "oar-walltime-disabled" },
        { "rest-unknown-method", "POST jobs/{running}.json", """{"method":"frobnicate"}""", null, null },
        { "rest-jobs-page", "GET jobs.json?limit=1&offset=1#{running}{named}{waiting}", null, null, null },
        { "rest-jobs-filtered", "GET jobs.json?state=Error&user=USER&limit=2#{ended}{ended too}{ended as well}", null, null, null },
        { "rest-jobs-ids", "GET jobs.json?ids={named}:{ended}", null, null, null },
        { "rest-jobs-table", "GET jobs/table.json#{running}{named}", null, null, null },
        { "rest-jobs-details-one", "GET jobs/details.json?limit=1#{with subnet}{reserved vlan}", null, null, null },
        { "rest-job-details", "GET jobs/{pair}/details.json", null, null, "oar-starts-late=0" },
        { "rest-job-nodes-none", "GET jobs/{held}/nodes.json", null, null, null },
        { "rest-job-other-user", "GET jobs/{running}.json", """{"method":"walltime-change","walltime":"+0:10:0"}""", "other", null },
        { "rest-job-utf8", "GET jobs/{starting}.json", null, null, null },
        { "rest-job-resources", "GET jobs/{running}/resources.json", null, null, null },
        { "rest-job-resources-vlan-subnet", "GET jobs/{with subnet}/resources.json", null, null, null },
        { "rest-job-resources-waiting", "GET jobs/{reserved vlan}/resources.json", null, null, null },
        { "rest-node", "GET resources/nodes/gros-1.nancy.grid5000.fr.json", null, null, null },
        { "rest-resource", "GET resources/1.json", null, null, null },
        { "rest-resource-jobs", "GET resources/RESOURCE/jobs.json#{running}", null, null, null },
        { "rest-resources-page", "GET resources.json?limit=2", null, null, null },
        { "rest-post-kavlan", "POST jobs.json",
        """{"resource":"{type='kavlan'}/vlan=1+{cluster='gros'}/nodes=2,walltime=0:20","command":"sleep 1200","type":"deploy"}""", null, null },
        { "rest-post-slot-taken", "POST jobs.json#{full}",
        """{"resource":"nodes=40,walltime=0:10","command":"sleep 600","reservation":"2026-03-25 08:13:30","type":"deploy"}""", null, null },
        { "rest-delete-twice", "DELETE jobs/{running}.json", """{"method":"delete"}""", null, null },
        { "rest-delete-server-down", "DELETE jobs/{running}.json", null, null, "oar-server-down" },
        { "rest-database-down", "GET jobs.json", null, null, "oar-database-down" },
    };

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task The_emulated_interface_answers_as_the_recorded_one(string recording, string request, string? body, string? user, string? fault)
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, Faults = fault is null ? [] : [fault] });
        HttpClient api = grid.GetOarApi("nancy")!;
        foreach ((string name, (string job, double seconds)) in s_jobs.Where(j => request.Contains($"{{{j.Key}}}", StringComparison.Ordinal)))
        {
            HttpResponseMessage made = await api.PostAsync("jobs.json",
                new StringContent(job.Replace("SOON", OarFormat.Date(grid.Time.GetUtcNow().ToUnixTimeSeconds() + 30), StringComparison.Ordinal)));
            // A job that cannot be announced to the server is named in the text alone.
            string id = JobIdPattern().Match(await made.Content.ReadAsStringAsync()).Groups[1].Value;
            if (seconds > 0) await Task.Delay(TimeSpan.FromSeconds(seconds), grid.Time);
            request = request.Replace($"{{{name}}}", id, StringComparison.Ordinal);
            if (body is not null && !request.StartsWith("POST ", StringComparison.Ordinal))
            {
                await api.PostAsync($"jobs/{id}.json", new StringContent(body));
                await Task.Delay(TimeSpan.FromSeconds(70), grid.Time);
            }
            if (!request.Contains("/RESOURCE/", StringComparison.Ordinal)) continue;
            JsonElement resources = JsonDocument.Parse(await api.GetStringAsync(new Uri(api.BaseAddress!, $"jobs/{id}/resources.json"))).RootElement;
            request = request.Replace("RESOURCE", $"{resources.GetProperty("items")[0].GetProperty("id")}", StringComparison.Ordinal);
        }
        string[] words = request.Replace("USER", grid.User, StringComparison.Ordinal).Split(' ', 2);
        using var message = new HttpRequestMessage(new HttpMethod(words[0]), new Uri(api.BaseAddress!, words[1]));
        if (body is not null && words[0] == "POST")
            message.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var client = new HttpClient();
        if (user != "") message.Headers.Add("X-Remote-Ident", user ?? grid.User);
        // Through the grid's own client where it is the user's: it lets the clock move.
        using HttpResponseMessage answer = user is null ? await api.SendAsync(Copy(message)) : await client.SendAsync(message);
        RecordedAnswer real = RecordedAnswer.Read($"oar/{recording}.http");
        string text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(real.Status, (int)answer.StatusCode);
        Assert.Equal(real.ContentType, answer.Content.Headers.ContentType!.ToString());
        if (!real.Body.StartsWith('{')) Assert.Equal(Normalise(real.Body), Normalise(text));
        else Assert.Equal(ShapeOf(real.Body), ShapeOf(text));
        if (real.Status >= 400 && real.Body.StartsWith('{'))
        {
            Assert.Equal(Normalise(MessagePattern().Match(real.Body).Value), Normalise(MessagePattern().Match(text).Value));
        }
    }

    // Columns that Grid'5000 has and the recorded sites have not, queues and more sizes of subnets; and the date of the last job, of which a fresh
    // node has none.
    static IEnumerable<string> ShapeOf(string json) => Shape.Of(json).Split('\n').Where(l => !OwnColumnPattern().IsMatch(l));

    [GeneratedRegex("/(queues|slash_(17|18|19|20|21)|last_job_date): ")]
    private static partial Regex OwnColumnPattern();

    [GeneratedRegex(@"OAR_JOB_ID=(\d+)")]
    private static partial Regex JobIdPattern();

    static HttpRequestMessage Copy(HttpRequestMessage message)
    {
        message.Headers.Remove("X-Remote-Ident");
        return message;
    }

    static string Normalise(string text)
    {
        text = DefaultWalltimePattern().Replace(text, "").Replace("\\n\\n", "\\n", StringComparison.Ordinal);
        text = FilteringPattern().Replace(text, "");
        // Grid'5000 has words of its own for reservations.
        text = text.Replace("# Advance reservation request: waiting for validation...", "Reservation mode: waiting validation...",
            StringComparison.Ordinal)
            .Replace("# Reservation ", "Reservation ", StringComparison.Ordinal);
        return NumberPattern().Replace(text.ReplaceLineEndings("\n"), "N").Trim();
    }

    [GeneratedRegex("\"message\" : \".*\"")]
    private static partial Regex MessagePattern();

    [GeneratedRegex(@"# Filtering out exotic resources \([^)]*\)\.\\n")]
    private static partial Regex FilteringPattern();

    [GeneratedRegex(@"(\[ADMISSION RULE\] Set default walltime to \d+\.\\n)|(# Set walltime to default \(\d+ s\)\.\\n)")]
    private static partial Regex DefaultWalltimePattern();

    [GeneratedRegex(@"-?\d+")]
    private static partial Regex NumberPattern();

    sealed record RecordedAnswer(int Status, string ContentType, string Body)
    {
        public static RecordedAnswer Read(string path)
        {
            string text = Samples.Read(path).ReplaceLineEndings("\n");
            string answer = text[(text.IndexOf("\nHTTP/1.1 ", StringComparison.Ordinal) + 1)..];
            string[] parts = answer.Split("\n\n", 2);
            string type = parts[0].Split('\n').First(l => l.StartsWith("Content-Type: ", StringComparison.Ordinal))["Content-Type: ".Length..];
            return new RecordedAnswer(int.Parse(parts[0].AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture), type, parts[1].Trim());
        }
    }
}
