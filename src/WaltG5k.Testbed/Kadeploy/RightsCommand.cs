using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>
/// karights3: who may deploy on which nodes, which OAR says at the start and the end of each job. Only it and administrators may change that.
/// </summary>
internal sealed class RightsCommand(KadeployServer server) : IEmulatedCommand
{
    static readonly OptionTable s_options =
        new("-a --add", "-d --delete", "-l --list", "-f --file=", "-m --machine=", "-p --part=", "-u --user=", "-o --overwrite-rights",
        "-v --version", "-h --help");

    public IReadOnlyList<string> Names => ["karights3"];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            ParsedOptions options = s_options.Parse(context.Arguments);
            await server.World.PassAsync(TimeSpan.FromSeconds(1), context.Interrupted).ConfigureAwait(false);
            if (options.Has("--add") || options.Has("--delete"))
            {
                context.WriteErrorLine("Forbidden -- Only administrators are allowed to set rights");
                context.WriteErrorLine($"[HTTP Error #403 on {(options.Has("--add") ? "POST" : "DELETE")} /rights?]");
                return 2;
            }
            if (!options.Has("--list")) throw RequestException.Client("You must choose an operation");
            Write(context, options.Last("--user"), [.. options.All("--machine").SelectMany(HostPattern.Expand)]);
            return 0;
        }
        catch (Exception e) when (e is OptionException or RequestException)
        {
            context.WriteErrorLine(e is OptionException ? "Option parsing error: " + e.Message : e.Message);
            return 1;
        }
    }

    void Write(CommandContext context, string? user, HashSet<string> machines)
    {
        (string User, string Node)[] rights;
        lock (server.World.Sync)
        {
            rights =
            [
                .. server.World.Jobs.Values.Where(j => j.IsRunning && j.Site == context.Site && j.Types.Contains("deploy")
                && (user is null || j.User == user))
                    .SelectMany(j => j.Nodes, (job, node) => (job.User, node.Name)).Where(r => machines.Count == 0 || machines.Contains(r.Name))
                    .Order(),
            ];
        }
        if (rights.Length == 0)
        {
            context.WriteLine("No rights have been given");
            return;
        }
        context.WriteLine($"{"User",-20} {"Node",-40} Partitions");
        foreach ((string owner, string node) in rights) context.WriteLine($"{owner,-20} {node,-40} *");
    }
}
