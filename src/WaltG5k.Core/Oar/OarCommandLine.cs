using System.Globalization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>The words of OAR's commands.</summary>
static class OarCommandLine
{
    /// <summary>A reservation is confirmed by the scheduler, which may be busy; with its database down oarsub would wait for ever.</summary>
    static readonly TimeSpan s_submitTimeout = TimeSpan.FromMinutes(3);
    static readonly TimeSpan s_deleteTimeout = TimeSpan.FromSeconds(60);
    static readonly TimeSpan s_readTimeout = TimeSpan.FromSeconds(60);

    public static CommandRequest Submit(OarJobRequest request)
    {
        List<string> words = ["oarsub", "-l", $"{request.Resources},walltime={request.Walltime}"];
        if (request.Start is { } start) words.AddRange(["-r", GridZone.Format(start)]);
        foreach (string type in request.Types) words.AddRange(["-t", type]);
        Add("-n", request.Name);
        Add("-p", request.Properties);
        Add("-q", request.Queue);
        Add("--project", request.Project);
        Add("-O", request.StandardOutputFile);
        Add("-E", request.StandardErrorFile);
        if (!string.IsNullOrEmpty(request.Command)) words.Add(request.Command);
        return new CommandRequest(words) { Effect = CommandEffect.Change, Timeout = s_submitTimeout };

        void Add(string option, string? value)
        {
            if (!string.IsNullOrEmpty(value)) words.AddRange([option, value]);
        }
    }

    public static CommandRequest Delete(long jobId) =>
        new("oardel", Text(jobId)) { Effect = CommandEffect.Change, Timeout = s_deleteTimeout };

    public static CommandRequest Describe(IEnumerable<long> jobIds) =>
        new([.. (string[])["oarstat", "-J", "-f"], .. jobIds.SelectMany(id => (string[])["-j", Text(id)])]) { Timeout = s_readTimeout };

    /// <param name="user">Null: the user that runs the command.</param>
    public static CommandRequest List(string? user) =>
        new(user is null ? ["oarstat", "-J", "-u"] : ["oarstat", "-J", "-u", user]) { Timeout = s_readTimeout };

    public static CommandRequest Resources(long jobId) => new("oarstat", "-p", "-j", Text(jobId)) { Timeout = s_readTimeout };

    static string Text(long jobId) => jobId.ToString(CultureInfo.InvariantCulture);
}
