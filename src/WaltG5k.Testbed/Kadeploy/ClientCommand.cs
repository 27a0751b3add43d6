using System.Globalization;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>An operation that a client asks for, ready to run.</summary>
/// <param name="Preamble">Lines after the first one.</param>
/// <param name="Report">Lines before the last one.</param>
internal sealed record ClientOperation(Workflow Workflow, Action<IEnumerable<NodeModel>> Abort, IReadOnlyList<string> Preamble,
    Func<IEnumerable<string>> Report);

/// <summary>What kadeploy3, kareboot3 and kapower3 have in common: their nodes, their output, their exit status.</summary>
internal abstract class ClientCommand(KadeployServer server) : IEmulatedCommand
{
    /// <summary>Options that all of them accept.</summary>
    static readonly string[] s_common =
    [
        "-h --help", "-v --version", "-I --server-info", "-M --multi-server", "-H --[no-]debug-http", "-S --server=", "--[no-]dry-run", "--password?",
        "-d --[no-]debug-mode", "-f --file=", "-m --machine=", "-n --output-ko-nodes=", "-o --output-ok-nodes=", "-s --script=",
        "-V --verbose-level=",
        "--write-workflow-id=", "--[no-]wait", "--[no-]force", "--breakpoint=", "--custom-steps=", "--[no-]hook", "--[no-]secure",
    ];

    protected const int DefaultVerbosity = 3;

    public abstract IReadOnlyList<string> Names { get; }

    protected KadeployServer Server => server;

    /// <summary>The program's own options.</summary>
    protected abstract IEnumerable<string> OwnOptions { get; }

    /// <summary>Those that version 3.3 did not have.</summary>
    protected virtual IEnumerable<string> NewOptions => [];

    /// <summary>Whether the site has version 3.3.</summary>
    protected static bool IsOld(CommandContext context) => context.World.Faults.Strikes(FaultNames.KadeployOld, context.Site);

    /// <summary>Path of the operation's resource: deployment, reboot, power.</summary>
    protected abstract string Resource { get; }

    /// <summary>Checks the request and prepares the operation on those nodes; <paramref name="take"/> leaves out those in use.</summary>
    protected abstract ClientOperation Prepare(CommandContext context, ParsedOptions options, IReadOnlyList<NodeModel> nodes,
        Func<IReadOnlyList<NodeModel>> take);

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            ParsedOptions options = new OptionTable([.. s_common, .. OwnOptions, .. IsOld(context) ? [] : NewOptions]).Parse(context.Arguments);
            if (options.Has("--help"))
            {
                context.WriteLine($"Usage: {name} [options]\nContact: support-staff@lists.grid5000.fr");
                return 0;
            }
            if (options.Has("--version"))
            {
                context.WriteLine($"Kadeploy version: {(IsOld(context) ? "3.3.11.stable" : "3.9.0")}");
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
        string? okFile = options.Last("--output-ok-nodes"), koFile = options.Last("--output-ko-nodes");
        // The files are emptied as soon as their options are read.
        foreach (string file in new[] { okFile, koFile }.OfType<string>()) WriteFile(context, file, "");
        int verbosity = ReadVerbosity(options);
        IReadOnlyList<NodeModel> nodes = ReadNodes(context, options);
        if (okFile is not null && okFile == koFile)
            throw RequestException.Client("The files used for the output of the OK and the KO nodes cannot be the same");
        bool waits = options.IsOn("--wait");
        if (!waits && (okFile ?? koFile) is not null)
            throw RequestException.Client("-o/--output-ok-nodes and/or -n/--output-ko-nodes cannot be used with --no-wait");
        RequireRights(context, nodes);
        string? script = ReadScript(context, options);
        WorkflowOptions workflowOptions = ReadOptions(context, options, verbosity);
        string[] exported = [.. ExportedFiles(context, options)];
        if (!waits && exported.Length > 0) throw RequestException.Client(
            $"Cannot use --no-wait since some files have to be exported to the server:\n  {string.Join("\n  ", exported)}");

        // The client and the server exchange a few requests before anything begins.
        await server.World.PassAsync(TimeSpan.FromSeconds(1), context.Interrupted).ConfigureAwait(false);
        IReadOnlyList<NodeModel> taken = [];
        IReadOnlyList<NodeModel> Take()
        {
            taken = server.Take(nodes, options.Has("--force") && options.IsOn("--force"));
            return taken.Count > 0 ? taken : throw RequestException.NodesInUse();
        }
        ClientOperation operation = Prepare(context, options, nodes, Take);
        Workflow workflow = operation.Workflow;
        if (options.Has("--dry-run"))
        {
            server.Release(taken);
            return 0;
        }
        (workflow.User, workflow.Options, workflow.Abort) = (context.User, workflowOptions, operation.Abort);
        workflow.Discarded = [.. nodes.Except(workflow.Nodes)];
        server.Register(workflow);
        if (options.Last("--write-workflow-id") is string idFile) WriteFile(context, idFile, workflow.Id);
        if (!waits)
        {
            server.Start(workflow);
            context.WriteLine($"{workflow.Id} /{Resource}/{workflow.Id}/");
            return 0;
        }
        int status = await WaitAsync(context, operation, new ClientOutput(context, verbosity), okFile, koFile).ConfigureAwait(false);
        server.Delete(workflow);
        if (status == 0 && script is not null) await RunScriptAsync(context, options.Last("--script")!, script).ConfigureAwait(false);
        return status;
    }

    async Task<int> WaitAsync(CommandContext context, ClientOperation operation, ClientOutput output, string? okFile, string? koFile)
    {
        Workflow workflow = operation.Workflow;
        string lastLine = $"{workflow.Words.Title} #{workflow.Id} done";
        workflow.Log = (level, line) =>
        {
            if (context.Interrupted.IsCancellationRequested) return;
            if (line == lastLine)
            {
                string[] report = [.. operation.Report()];
                if (report.Length > 0) foreach (string reported in (string[])["---", .. report, "---"]) output.Write(reported);
            }
            output.Write(level, line);
            if (level > 0 || !line.EndsWith(" started", StringComparison.Ordinal)) return;
            foreach (string grabbed in operation.Preamble) output.Write(3, grabbed);
        };
        workflow.Trace = line =>
        {
            if (!context.Interrupted.IsCancellationRequested) output.Write(line);
        };
        try
        {
            await server.RunAsync(workflow, context.Interrupted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Interrupted.IsCancellationRequested)
        {
            output.Drop();
            server.Delete(workflow);
            if (context.Terminal) context.WriteLine("\nSIGINT trapped");
            return 1;
        }
        catch (OperationCanceledException) when (workflow.IsAborted)
        {
            output.Flush();
            throw RequestException.WorkflowGone();
        }
        output.Write("");
        WriteLists(workflow, output);
        output.Flush();
        if (okFile is not null) WriteFile(context, okFile, Lines(workflow.Ok));
        if (koFile is not null) WriteFile(context, koFile, Lines(workflow.Ko));
        // Whatever became of the nodes: the request was carried out.
        return 0;
    }

    /// <summary>Files of the front-end that the server has to fetch from the client.</summary>
    protected virtual IEnumerable<string> ExportedFiles(CommandContext context, ParsedOptions options) => [];

    WorkflowOptions ReadOptions(CommandContext context, ParsedOptions options, int verbosity)
    {
        (string, string?)? breakpoint = null;
        if (options.Last("--breakpoint") is string stop)
        {
            string[] parts = stop.Split(':');
            if (parts.Length > 2 || parts.Any(p => p.Length == 0)) throw new OptionException($"invalid argument: --breakpoint {stop}");
            if (!IsMacroStep(context, parts[0])) throw RequestException.Option("breakpoint", $"Invalid macrostep name '{parts[0]}'");
            breakpoint = (parts[0], parts.Length > 1 ? parts[1] : null);
        }
        IReadOnlyList<CustomOperation> custom = options.Last("--custom-steps") is string file
            ? CustomOperation.Parse(file, FrontendFiles.ReadOrNull(context, file)
            ?? throw RequestException.Client($"The file '{file}' cannot be read"))
            : [];
        return new WorkflowOptions { VerboseLevel = verbosity, Debugs = options.Has("--debug-mode"), Breakpoint = breakpoint,
            CustomOperations = custom };
    }

    /// <summary>Whether an instance of a macro-step, or the macro-step itself, has that name.</summary>
    protected virtual bool IsMacroStep(CommandContext context, string name) => false;

    static string? ReadScript(CommandContext context, ParsedOptions options)
    {
        if (options.Last("--script") is not string file) return null;
        string content = FrontendFiles.ReadOrNull(context, file) ?? throw RequestException.Client($"The file '{file}' cannot be read");
        bool isExecutable = FrontendFiles.Resolve(context, file) is string real
            && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(real) & UnixFileMode.UserExecute) != 0);
        return isExecutable ? content : throw RequestException.Client($"The file {file} must be executable");
    }

    static async Task RunScriptAsync(CommandContext context, string file, string content)
    {
        context.WriteLine($"\nRunning {file}");
        int status = await new FrontendShell(context).RunAsync(content).ConfigureAwait(false);
        context.WriteLine(status == 0 ? "\nSuccess !" : "\nFail !");
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
        // Since 3.8 the nodes of the job are the default.
        if (names.Count == 0 && !IsOld(context) && context.Environment.TryGetValue("OAR_NODE_FILE", out string? jobNodes))
            names.AddRange(ReadNodeFile(context, jobNodes));
        if (names.Count == 0) throw RequestException.Client("No node is chosen");

        List<NodeModel> nodes = [];
        List<string> strangers = [];
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            if (server.World.TryFindNode(context.Site, name, out NodeModel? node) && node.Site == context.Site) nodes.Add(node);
            else strangers.Add(name);
        }
        if (strangers.Count > 0) throw RequestException.Client($"The nodes {string.Join(", ", strangers)} does not belongs to any server");
        return nodes;
    }

    /// <summary>The name of each node in the VLAN is asked of the name server at once.</summary>
    protected void RequireVlan(CommandContext context, string? vlan, IReadOnlyList<NodeModel> nodes)
    {
        if (vlan is null or "DEFAULT") return;
        bool exists = server.World.FindVlan(context.Site, vlan) is not null;
        NodeModel? unknown = exists ? nodes.FirstOrDefault(n => server.World.Faults.Strikes(FaultNames.KadeployVlanUnknown,
            Nodes.NodeLife.NamesOf(n))) : nodes[0];
        if (unknown is not null) throw RequestException.Vlan($"{unknown.ShortName}-kavlan-{vlan}.{unknown.Site}.grid5000.fr");
    }

    void RequireRights(CommandContext context, IReadOnlyList<NodeModel> nodes)
    {
        lock (server.World.Sync)
        {
            if (!server.World.FindDeployableNodes(context.User).IsSupersetOf(nodes)) throw RequestException.Rights();
        }
    }

    static IEnumerable<string> ReadNodeFile(CommandContext context, string file)
    {
        string content = file == "-" ? context.Input
            : FrontendFiles.ReadOrNull(context, file) ?? throw RequestException.Client($"The file '{file}' cannot be read");
        return content.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#').SelectMany(HostPattern.Expand);
    }

    static int ReadVerbosity(ParsedOptions options)
    {
        if (options.Last("--verbose-level") is not string text) return DefaultVerbosity;
        if (text.Length != 1 || text[0] is < '0' or > '5') throw new OptionException("invalid argument: -V " + text);
        // The help says 0 to 5, and 0 is refused all the same.
        return text[0] > '0' ? text[0] - '0' : throw RequestException.Client("Invalid verbose level");
    }

    static void WriteFile(CommandContext context, string file, string content)
    {
        if (!FrontendFiles.TryWrite(context, file, content)) throw RequestException.Client($"The file '{file}' cannot be written");
    }

    static string Lines(IEnumerable<NodeModel> nodes) => string.Concat(nodes.Select(n => n.Name + "\n"));
}
