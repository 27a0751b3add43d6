using System.Management.Automation;
using WaltG5k.Automation;
using WaltG5k.Host.Binding;
using WaltG5k.Host.Language;

namespace WaltG5k.Host.Engine;

/// <summary>One command of a running pipeline.</summary>
sealed class CommandProcessor
{
    readonly PipelineRun _run;
    readonly CommandRuntime _runtime;
    readonly CmdletContext _context;
    readonly ParameterBinder _binder;
    PipelineBinder? _pipeline;

    /// <summary>Makes the cmdlet and binds the arguments that were typed.</summary>
    /// <exception cref="ParameterBindingException">The arguments do not fit.</exception>
    public CommandProcessor(PipelineRun run, CommandDescription command, CommandCall call, InvocationInfo invocation)
    {
        _run = run;
        Cmdlet = (Cmdlet)Activator.CreateInstance(command.Type)!;
        _context = new CmdletContext(invocation, run.Session.State, run.Session.Host, run.Session.Jobs);
        CommonParameters common = command.NewCommonParameters();
        _binder = new ParameterBinder(command, Cmdlet, common, _context);
        _binder.BindArguments(call.Arguments);
        var preferences = new Preferences(run.Session.State, common, command.Attribute.SupportsShouldProcess);
        _runtime = new CommandRuntime(run, _context, preferences,
            command.Attribute.SupportsShouldProcess ? command.Attribute.ConfirmImpact : ConfirmImpact.None);
        CmdletDriver.Attach(Cmdlet, _context, _runtime);
    }

    public Cmdlet Cmdlet { get; }
    public CommandProcessor? Downstream { get => _runtime.Downstream; set => _runtime.Downstream = value; }

    public void Begin() => Call(CmdletDriver.Begin);

    /// <summary>For the first command: there is no input.</summary>
    public void ProcessOnce() => Call(CmdletDriver.Process);

    /// <summary>One object from the command before.</summary>
    public void Process(object? input)
    {
        _pipeline ??= new PipelineBinder(_binder);
        try { _pipeline.Bind(input); }
        catch (ParameterBindingException e)
        {
            // This object does not fit; the next may. PowerShell reports it and goes on.
            var record = new ErrorRecord(e, e.ErrorId, ErrorCategory.InvalidArgument, input);
            Call(_ => _runtime.WriteError(record));
            return;
        }
        Call(CmdletDriver.Process);
    }

    public void End() => Call(CmdletDriver.End);

    void Call(Action<Cmdlet> callback)
    {
        _run.ThrowIfStopping();
        try { _runtime.Enter(callback, Cmdlet); }
        catch (Exception e) when (e is not (PipelineStoppedException or FlowControlException))
        {
            ErrorRecord record = e is IContainsErrorRecord own
                ? new ErrorRecord(own.ErrorRecord, e)
                : new ErrorRecord(e, e.GetType().FullName ?? e.GetType().Name, ErrorCategory.NotSpecified, null);
            EngineObjects.SetReporter(record, _context.Invocation);
            throw _run.Fail(EngineObjects.NewTerminatingError(record));
        }
    }
}
