using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>oarhold and oarresume: their requests are always accepted, whether the server answers or not.</summary>
sealed class HoldCommand(OarPart part) : OarCommand(part)
{
    static readonly OptionRule[] s_rules = [OptionRule.Flag("running|r"), OptionRule.Flag("version|V"), OptionRule.Flag("help|h")];

    public override IReadOnlyList<string> Names { get; } = ["oarhold", "oarresume"];

    protected override Task<int> RunAsync(string name, CommandContext context, OarServer server) => Task.FromResult(Run(name, context, server));

    static int Run(string name, CommandContext context, OarServer server)
    {
        ParsedOptions options = OptionParser.Parse(context.Arguments, s_rules);
        bool hold = name == "oarhold";
        if (options.Errors.Count > 0) return Refuse(context, string.Join('\n', options.Errors), 1);
        if (options.Has("running")) return Refuse(context, "CPUSET tag is not configured in the oar.conf.", 2);
        if (options.Operands.Count == 0)
        {
            context.WriteLine($"Usage: {name} [options] job_id [job_id ...]");
            return 1;
        }
        int exitCode = 0;
        foreach (string text in options.Operands)
        {
            if (!TryParseId(text, out long id)) exitCode = Refuse(context, $"[ERROR] \"{text}\" is not a valid job identifier", 2);
            else if (Hindrance(context, server, id, hold) is { } hindrance) exitCode = Refuse(context, hindrance, 1);
            else Request(context, server, id, hold);
        }
        return exitCode;
    }

    static string? Hindrance(CommandContext context, OarServer server, long id, bool hold) => server.Read(_ =>
    {
        string attempt = $@"/!\ Cannot {(hold ? "hold" : "resume")} {id} :";
        OarJob? job = server.Find(id);
        if (job is null) return $"{attempt} this job does not exist.";
        if (job.User != context.User) return $"{attempt} you are not the right user.";
        if (hold && job.State != "Waiting") return $"{attempt} the job is not in the right state (try '-r' option).";
        return hold || job.State == "Hold" ? null : $"{attempt} the job is not in the Hold or Suspended state.";
    });

    static void Request(CommandContext context, OarServer server, long id, bool hold)
    {
        OarJob job = server.Read(_ => server.Find(id)!);
        if (hold) server.Hold(job);
        else server.Resume(job);
        context.WriteLine($"[{id}] {(hold ? "Hold" : "Resume")} request was sent to the OAR server.");
    }

    static int Refuse(CommandContext context, string text, int exitCode)
    {
        context.WriteErrorLine(text);
        return exitCode;
    }
}
