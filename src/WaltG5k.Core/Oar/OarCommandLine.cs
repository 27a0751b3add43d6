using System.Globalization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>The words of OAR's commands.</summary>
static class OarCommandLine
{
    /// <summary>A reservation is confirmed by the scheduler, which may be busy; with its database down oarsub would wait for ever.</summary>
    static readonly TimeSpan s_submitTimeout = TimeSpan.FromMinutes(3);
    static readonly TimeSpan s_changeTimeout = TimeSpan.FromSeconds(60);
    static readonly TimeSpan s_readTimeout = TimeSpan.FromSeconds(60);
    /// <summary>Describing thousands of jobs or resources takes OAR minutes.</summary>
    static readonly TimeSpan s_listTimeout = TimeSpan.FromMinutes(3);

    /// <param name="parameterFile">Where the front-end has the lines of <see cref="OarJobRequest.ArrayParameters"/>.</param>
    public static CommandRequest Submit(OarJobRequest request, string? parameterFile = null)
    {
        List<string> words = ["oarsub", .. Options(request)];
        if (request.ArrayParameters.Count > 0) words.AddRange(["--array-param-file", parameterFile ?? "FILE"]);
        else if (request.ArrayCount > 0) words.AddRange(["--array", Text(request.ArrayCount)]);
        if (request.ScanScript) words.Add("-S");
        if (!string.IsNullOrEmpty(request.Command)) words.Add(request.Command);
        return Change(words, s_submitTimeout);
    }

    public static CommandRequest Resubmit(long jobId) => Change(["oarsub", "--resubmit", Text(jobId)], s_submitTimeout);

    /// <summary>A new job with a shell in it: it lasts as long as its user stays.</summary>
    public static CommandRequest Interactive(OarJobRequest request) => Session(["oarsub", "-I", .. Options(request)]);

    public static CommandRequest Connect(long jobId) => Session(["oarsub", "-C", Text(jobId)]);

    public static CommandRequest Delete(long jobId) => Change(["oardel", Text(jobId)], s_changeTimeout);

    public static CommandRequest Signal(long jobId, string? signal) =>
        Change(signal is null ? ["oardel", "-c", Text(jobId)] : ["oardel", "-s", signal, Text(jobId)], s_changeTimeout);

    public static CommandRequest Hold(long jobId, bool running) =>
        Change(running ? ["oarhold", "-r", Text(jobId)] : ["oarhold", Text(jobId)], s_changeTimeout);

    public static CommandRequest Resume(long jobId) => Change(["oarresume", Text(jobId)], s_changeTimeout);

    public static CommandRequest Walltime(long jobId) => new("oarwalltime", Text(jobId)) { Timeout = s_readTimeout };

    public static CommandRequest ChangeWalltime(long jobId, OarWalltimeWish wish)
    {
        List<string> words = ["oarwalltime"];
        if (wish.Force) words.Add("--force");
        if (wish.DelayNextJobs) words.Add("--delay-next-jobs");
        words.AddRange([Text(jobId), wish.Change]);
        return Change(words, s_changeTimeout);
    }

    public static CommandRequest Describe(IEnumerable<long> jobIds) =>
        new([.. (string[])["oarstat", "-J", "-f"], .. jobIds.SelectMany(id => (string[])["-j", Text(id)])]) { Timeout = s_listTimeout };

    /// <param name="user">The user's own login, where it is known.</param>
    public static CommandRequest List(OarJobQuery query, string? user)
    {
        List<string> words = ["oarstat", "-J", "-f"];
        bool isEverybody = query.User == OarJobQuery.Everybody;
        if (query.ArrayId is { } array)
        {
            words.AddRange(["--array", Text(array)]);
        }
        else if (query.AsksForEnded)
        {
            string? owner = isEverybody ? null : query.User ?? user
                ?? throw new InvalidOperationException("One's own ended jobs need the user's name.");
            words.AddRange(["--sql", OarSql.Jobs(query, owner)]);
        }
        else if (!isEverybody)
        {
            words.Add("-u");
            if (query.User is { } owner) words.Add(owner); // without a name: the user that runs the command
        }
        return new CommandRequest(words) { Timeout = s_listTimeout };
    }

    public static CommandRequest Resources(long jobId) => new("oarstat", "-p", "-j", Text(jobId)) { Timeout = s_readTimeout };

    /// <param name="condition">SQL; empty: every resource.</param>
    public static CommandRequest Resources(string condition) =>
        new(condition.Length == 0 ? ["oarnodes", "-J"] : ["oarnodes", "-J", "--sql", condition]) { Timeout = s_listTimeout };

    /// <summary>What a submission and an interactive job have in common.</summary>
    static List<string> Options(OarJobRequest request)
    {
        List<string> words = request.Resources.Length == 0 ? [] : ["-l", WithWalltime(request)];
        foreach (string alternative in request.Alternatives) words.AddRange(["-l", alternative]);
        if (request.Start is { } start) words.AddRange(["-r", GridZone.Format(start)]);
        foreach (string type in request.Types) words.AddRange(["-t", type]);
        Add("-n", request.Name);
        Add("-p", request.Properties);
        Add("-q", request.Queue);
        Add("--project", request.Project);
        Add("-O", request.StandardOutputFile);
        Add("-E", request.StandardErrorFile);
        Add("-d", request.Directory);
        foreach (long id in request.After) words.AddRange(["-a", Text(id)]);
        if (request.Hold) words.Add("--hold");
        Add("--notify", request.Notify);
        if (request.Checkpoint is { } time) Add("--checkpoint", Text((long)time.TotalSeconds));
        if (request.Signal is { } signal) Add("--signal", Text(signal));
        return words;

        void Add(string option, string? value)
        {
            if (!string.IsNullOrEmpty(value)) words.AddRange([option, value]);
        }
    }

    /// <summary>A text of the user's own may hold its walltime already.</summary>
    static string WithWalltime(OarJobRequest request) => request.Walltime is { } walltime && !request.HasOwnWalltime
        ? $"{request.Resources},walltime={walltime}"
        : request.Resources;

    static CommandRequest Change(IReadOnlyList<string> words, TimeSpan timeout) => new(words) { Effect = CommandEffect.Change, Timeout = timeout };

    static CommandRequest Session(IReadOnlyList<string> words) => Change(words, Timeout.InfiniteTimeSpan) with { Terminal = true };

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
