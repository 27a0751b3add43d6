using System.Globalization;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>kanodes3: the states of the site's nodes, and the operations under way, as YAML.</summary>
internal sealed class NodesCommand(KadeployServer server) : IEmulatedCommand
{
    static readonly OptionTable s_options = new("-s --get-nodes-state", "-f --file=", "-m --machine=", "-h --help",
        "-d --get-deployments", "-r --get-reboots", "-p --get-powers", "-w --workflow-id=");

    public IReadOnlyList<string> Names => ["kanodes3"];

    public Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            ParsedOptions options = s_options.Parse(context.Arguments);
            char? letter = options.Has("--get-deployments") ? 'D' : options.Has("--get-reboots") ? 'R' : options.Has("--get-powers") ? 'P' : null;
            if (letter is not null)
            {
                string? id = options.Last("--workflow-id");
                context.WriteLine(WorkflowDocuments.List([.. server.GetWorkflows(context.Site).Where(w => w.Words.Letter == letter && (id is null
                    || w.Id == id))], context.User));
                return Task.FromResult(0);
            }
            HashSet<string> wanted = [.. options.All("--machine").Concat(options.All("--file").SelectMany(f => ReadNames(context, f)))
                .SelectMany(HostPattern.Expand)];
            context.WriteLine("---");
            lock (server.World.Sync)
            {
                foreach (NodeModel node in server.World.Nodes.Values.Where(n => n.Site == context.Site
                    && (wanted.Count == 0 || wanted.Contains(n.Name)))) Write(context, node);
            }
            return Task.FromResult(0);
        }
        catch (OptionException e)
        {
            context.WriteErrorLine("Option parsing error: " + e.Message);
            return Task.FromResult(1);
        }
    }

    static string[] ReadNames(CommandContext context, string file)
    {
        string text = file == "-" ? context.Input
            : FrontendFiles.ReadOrNull(context, file) ?? throw new OptionException($"The file '{file}' cannot be read");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(l => l[0] != '#')];
    }

    void Write(CommandContext context, NodeModel node)
    {
        context.WriteLine(node.Name + ":");
        // A node that was never deployed has no more than its name.
        if (!server.Records.TryGetValue(node, out NodeRecord? record)) return;
        context.WriteLine("  state: " + record.State);
        context.WriteLine("  user: " + record.User);
        context.WriteLine("  environment:");
        context.WriteLine($"    name: {record.Environment?.Name}".TrimEnd());
        context.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    version: {record.Environment?.Version}").TrimEnd());
        context.WriteLine($"    user: {record.Environment?.User}".TrimEnd());
    }
}
