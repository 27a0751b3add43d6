using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;
using WaltG5k.Automation;
using WaltG5k.Host.Commands;
using WaltG5k.Host.Engine;
using WaltG5k.Host.Language;
using WaltG5k.Host.Terminal;

namespace WaltG5k.Host;

/// <summary>
/// Runs pipelines of the module's cmdlets where there is no PowerShell. What the pipelines of one session connect to, reserve or remember is
/// kept until the session is disposed. A session runs one pipeline at a time.
/// </summary>
/// <example><code>
/// using var session = new HostSession();
/// HostResult result = session.Invoke("Connect-G5k -Testbed; Get-G5kSite");
/// </code></example>
public sealed class HostSession : IDisposable
{
    const string Module = "WaltG5k.Cmdlets";
    const string Disconnect = "Disconnect-G5k";
    const string ModuleEvents = "WaltG5k.Base.ModuleEvents";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    readonly SessionContext _context;
    readonly CommandTable _commands;
    readonly RecordingUserInterface? _recorder;
    readonly IReadOnlyList<Assembly> _assemblies;
    readonly List<object> _events = [];
    bool _hasRun;

    public HostSession() : this(new HostOptions()) { }

    public HostSession(HostOptions options) : this(options, new RecordingUserInterface(options.Answers)) { }

    internal HostSession(HostOptions options, PSHostUserInterface ui)
    {
        _recorder = ui as RecordingUserInterface;
        _context = new SessionContext(new EngineHost(ui));
        foreach ((string name, object? value) in options.Variables) _context.State.PSVariable.Set(name, value);
        _assemblies = options.CommandAssemblies ?? [Assembly.Load(Module)];
        _commands = new CommandTable(_assemblies, BuiltInCommands.Types);
        foreach (Assembly assembly in _assemblies) Import(assembly);
    }

    internal CommandTable Commands => _commands;

    /// <summary>Runs the statements of <paramref name="pipeline"/> on the calling thread and returns all that they wrote.</summary>
    /// <param name="pipeline">Pipelines, separated by semicolons or line ends.</param>
    /// <param name="ct">Stops the running pipeline as Ctrl-C does; the result then has the exit code of an interruption.</param>
    public HostResult Invoke(string pipeline, CancellationToken ct = default)
    {
        var result = new HostResult();
        _recorder?.WriteTo(result);
        result.ExitCode = Run(pipeline, result, ct);
        return result;
    }

    internal int Run(string text, IHostStreams streams, CancellationToken ct)
    {
        var counting = new CountingStreams(streams);
        Script script;
        try
        {
            script = Parser.Parse(text);
            // A misspelt name in the last statement is found before the first one has changed anything.
            foreach (CommandCall call in script.Statements.SelectMany(s => s.Commands))
                if (!_commands.Contains(call.Name)) throw _commands.NotFound(call.Name);
        }
        catch (SyntaxException e)
        {
            counting.Error(new ErrorRecord(e, "SyntaxError", ErrorCategory.ParserError, text)
            {
                ErrorDetails = new ErrorDetails($"{e.Message} (line {e.Line}, column {e.Column})"),
            });
            return ExitCode.Usage;
        }
        catch (CommandNotFoundException e)
        {
            counting.Error(e.ErrorRecord);
            return ExitCode.Usage;
        }
        return Run(script, counting, ct);
    }

    int Run(Script script, CountingStreams streams, CancellationToken ct)
    {
        _hasRun = true;
        Runspace? before = Runspace.DefaultRunspace;
        Runspace.DefaultRunspace = _context.Runspace;
        try
        {
            int code = ExitCode.Success;
            foreach (Statement statement in script.Statements)
            {
                if (ct.IsCancellationRequested) return ExitCode.Interrupted;
                var run = new PipelineRun(_context, streams);
                Outcome outcome;
                using (ct.Register(run.Stop)) outcome = run.Run(statement, _commands);
                if (outcome is Outcome.Stopped) return ExitCode.Interrupted;
                if (outcome is Outcome.BindingFailed) code = ExitCode.Usage;
                if (outcome is Outcome.FailedForGood) break;
            }
            if (!JobDrain.Run(_context.Jobs, streams, ct)) return ExitCode.Interrupted;
            return code == ExitCode.Success && streams.Errors > 0 ? ExitCode.Error : code;
        }
        finally
        {
            Runspace.DefaultRunspace = before;
        }
    }

    void Import(Assembly assembly)
    {
        if (assembly.GetType(ModuleEvents) is not { } type || Activator.CreateInstance(type) is not { } events) return;
        _events.Add(events);
        (events as IModuleAssemblyInitializer)?.OnImport();
    }

    /// <summary>Closes the session's connection; what was reserved stays reserved.</summary>
    public void Dispose()
    {
        if (_hasRun && _commands.Contains(Disconnect))
        {
            using var patience = new CancellationTokenSource(s_patience);
            Run($"{Disconnect} -Force", new HostResult(), patience.Token);
        }
        foreach (object events in _events) (events as IModuleAssemblyCleanup)?.OnRemove(EngineObjects.NewModule(events.GetType().Assembly));
        _events.Clear();
        _context.Dispose();
    }
}
