using System.Globalization;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>An operation that a client asks for, ready to run.</summary>
/// <param name="Preamble">Lines after the first one.</param>
/// <param name="Report">Lines before the last one.</param>
internal sealed record ClientOperation(Workflow Workflow, Action<IEnumerable<NodeModel>> Abort, IReadOnlyList<string> Preamble, Func<IEnumerable<string>> Report);

/// <summary>What kadeploy3, kareboot3 and kapower3 have in common: their nodes, their output, their exit status.</summary>
internal abstract class ClientCommand(KadeployServer server) : IEmulatedCommand
{
    /// <summary>Options that all of them accept.</summary>
    static readonly string[] s_common =
    [
        "-h --help", "-v --version", "-I --server-info", "-M --multi-server", "-H --[no-]debug-http", "-S --server=", "--[no-]dry-run", "--password?",
        "-d --[no-]debug-mode", "-f --file=", "-m --machine=", "-n --output-ko-nodes=", "-o --output-ok-nodes=", "-s --script=", "-V --verbose-level=",
        "--write-workflow-id=", "--[no-]wait", "--[no-]force", "--breakpoint=", "--custom-steps=", "--[no-]hook", "--[no-]secure",
    ];

    protected const int DefaultVerbosity = 3;

    public abstract IReadOnlyList<string> Names { get; }

    protected KadeployServer Server => server;

    /// <summary>The program's own options.</summary>
    protected abstract IEnumerable<string> OwnOptions { get; }

    /// <summary>Path of the operation's resource: deployment, reboot, power.</summary>
    protected abstract string Resource { get; }

    /// <summary>Checks the request and prepares the operation on those nodes; <paramref name="take"/> leaves out those in use.</summary>
    protected abstract ClientOperation Prepare(CommandContext context, ParsedOptions options, IReadOnlyList<NodeModel> nodes, Func<IReadOnlyList<NodeModel>> take);

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            ParsedOptions options = new OptionTable([.. s_common, .. OwnOptions]).Parse(context.Arguments);
            if (options.Has("--help"))
            {
                context.WriteLine($"Usage: {name} [options]\nContact: support-staff@lists.grid5000.fr");
                return 0;
            }
            if (options.Has("--version"))
            {
                context.WriteLine("Kadeploy version: 3.9.0");
                return 0;
            }
            return await RunAsync(context, options).ConfigureAwait(false);
        }
        catch (OptionException e)
        {
            context.WriteErrorLine("Option parsing error: " + e.Message);
            return 1;
        }
        catch (RequestException e)
        {
            context.WriteErrorLine(e.Message);
            if (e.IsServerError) context.WriteErrorLine(string.Create(CultureInfo.InvariantCulture, $"[Kadeploy Error #{e.Status}]"));
            return e.Status;
        }
    }

    async Task<int> RunAsync(CommandContext context, ParsedOptions options)
    {
        int verbosity = ReadVerbosity(options);
        string? okFile = options.Last("--output-ok-nodes"), koFile = options.Last("--output-ko-nodes");
        if (okFile is not null && okFile == koFile) throw new OptionException("The files for OK and KO nodes are the same");
        if (!options.IsOn("--wait") && (okFile ?? koFile) is not null) throw new OptionException("-o/--output-ok-nodes and -n/--output-ko-nodes need --wait");
        foreach (string file in new[] { okFile, koFile }.OfType<string>()) WriteFile(context, file, "");

        IReadOnlyList<NodeModel> nodes = ReadNodes(context, options);
        // The client and the server exchange a few requests before anything begins.
        await server.World.PassAsync(TimeSpan.FromSeconds(1), context.Interrupted).ConfigureAwait(false);
        IReadOnlyList<NodeModel> taken = [];
        IReadOnlyList<NodeModel> Take()
        {
            taken = server.Take(nodes, options.Has("--force") && options.IsOn("--force"));
            return taken.Count > 0 ? taken : throw RequestException.NodesInUse();
        }
        ClientOperation operation = Prepare(context, options, nodes, Take);
        if (options.Has("--dry-run"))
        {
            server.Release(taken);
            return 0;
        }
        if (options.Last("--write-workflow-id") is string idFile) WriteFile(context, idFile, operation.Workflow.Id);

        ClientOutput output = new(context, verbosity);
        if (!options.IsOn("--wait"))
        {
            server.Start(operation.Workflow);
            context.WriteLine($"{operation.Workflow.Id} /{Resource}/{operation.Workflow.Id}/");
            return 0;
        }
        return await WaitAsync(context, operation, nodes, output, okFile, koFile).ConfigureAwait(false);
    }

    async Task<int> WaitAsync(CommandContext context, ClientOperation operation, IReadOnlyList<NodeModel> asked, ClientOutput output, string? okFile, string? koFile)
    {
        Workflow workflow = operation.Workflow;
        string lastLine = $"{workflow.Words.Title} #{workflow.Id} done";
        workflow.Log = (level, line) =>
        {
            if (line == lastLine)
            {
                string[] report = [.. operation.Report()];
                if (report.Length > 0) foreach (string reported in (string[])["---", .. report, "---"]) output.Write(reported);
            }
            output.Write(level, line);
            if (level > 0 || !line.EndsWith(" started", StringComparison.Ordinal)) return;
            foreach (string grabbed in operation.Preamble) output.Write(3, grabbed);
            NodeModel[] discarded = [.. asked.Except(workflow.Nodes)];
            if (discarded.Length > 0) output.Write($"The nodes {HostPattern.Fold(discarded)} are already involved in {workflow.Words.End}, let's discard them");
        };
        try
        {
            await server.RunAsync(workflow, context.Interrupted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            operation.Abort(workflow.Nodes);
            output.Drop();
            if (context.Terminal) context.WriteLine("\nSIGINT trapped");
            return 1;
        }
        output.Write("");
        WriteLists(workflow, output);
        output.Flush();
        if (okFile is not null) WriteFile(context, okFile, Lines(workflow.Ok));
        if (koFile is not null) WriteFile(context, koFile, Lines(workflow.Ko));
        // Whatever became of the nodes: the request was carried out.
        return 0;
    }

    static void WriteLists(Workflow workflow, ClientOutput output)
    {
        if (workflow.Ok.Count > 0)
        {
            output.Write($"The {workflow.Words.Verb} is successful on nodes");
            foreach (NodeModel node in workflow.Ok) output.Write(node.Name);
        }
        if (workflow.Ko.Count > 0)
        {
            output.Write($"The {workflow.Words.Verb} failed on nodes");
            foreach (NodeModel node in workflow.Ko) output.Write($"{node.Name} ({workflow.ReasonOf(node)})");
        }
    }

    List<NodeModel> ReadNodes(CommandContext context, ParsedOptions options)
    {
        List<string> names = [.. options.All("--machine").SelectMany(HostPattern.Expand)];
        foreach (string file in options.All("--file")) names.AddRange(ReadNodeFile(context, file));
        if (names.Count == 0 && context.Environment.TryGetValue("OAR_NODE_FILE", out string? jobNodes)) names.AddRange(ReadNodeFile(context, jobNodes));
        if (names.Count == 0) throw RequestException.Client("No node is chosen");

        List<NodeModel> nodes = [];
        List<string> strangers = [];
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            if (server.World.TryFindNode(context.Site, name, out NodeModel? node) && node.Site == context.Site) nodes.Add(node);
            else strangers.Add(name);
        }
        if (strangers.Count > 0) throw RequestException.Client($"The nodes {string.Join(", ", strangers)} does not belongs to any server");
        lock (server.World.Sync)
        {
            if (!server.World.FindDeployableNodes(context.User).IsSupersetOf(nodes)) throw RequestException.Rights();
        }
        return nodes;
    }

    static IEnumerable<string> ReadNodeFile(CommandContext context, string file)
    {
        string content = file == "-" ? context.Input : FrontendFiles.ReadOrNull(context, file) ?? throw RequestException.Client($"The file '{file}' cannot be read");
        return content.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#').SelectMany(HostPattern.Expand);
    }

    static int ReadVerbosity(ParsedOptions options)
    {
        if (options.Last("--verbose-level") is not string text) return DefaultVerbosity;
        return int.TryParse(text, CultureInfo.InvariantCulture, out int level) && level is >= 1 and <= 5
            ? level
            : throw new OptionException("invalid argument: -V " + text);
    }

    static void WriteFile(CommandContext context, string file, string content)
    {
        if (!FrontendFiles.TryWrite(context, file, content)) throw RequestException.Client($"The file '{file}' cannot be written");
    }

    static string Lines(IEnumerable<NodeModel> nodes) => string.Concat(nodes.Select(n => n.Name + "\n"));
}
