using System.Management.Automation;
using WaltG5k.Automation;
using WaltG5k.Host.Binding;
using WaltG5k.Host.Language;

namespace WaltG5k.Host.Engine;

/// <summary>How a statement ended.</summary>
enum Outcome
{
    Completed,

    /// <summary>A terminating error; the next statement runs, as in PowerShell.</summary>
    Failed,

    /// <summary>The arguments did not fit; the next statement runs.</summary>
    BindingFailed,

    /// <summary>An error met -ErrorAction Stop: nothing further runs.</summary>
    FailedForGood,

    /// <summary>Stopped from outside.</summary>
    Stopped,
}

/// <summary>One statement being run, on one thread: each object a command writes is processed by the next command before the call returns.</summary>
sealed class PipelineRun(SessionContext session, IHostStreams streams)
{
    readonly Lock _lock = new();
    List<CommandProcessor> _commands = [];
    RuntimeException? _failure;
    volatile bool _stopping;

    public SessionContext Session { get; } = session;
    public IHostStreams Streams { get; } = streams;

    public Outcome Run(Statement statement, CommandTable table)
    {
        try
        {
            Prepare(statement, table);
            Execute();
            return Outcome.Completed;
        }
        catch (ParameterBindingException e)
        {
            Streams.Error(e.ErrorRecord);
            return Outcome.BindingFailed;
        }
        catch (PipelineStoppedException) when (_failure is not null)
        {
            Streams.Error(_failure.ErrorRecord);
            return _failure is ActionPreferenceStopException ? Outcome.FailedForGood : Outcome.Failed;
        }
        catch (PipelineStoppedException)
        {
            return Outcome.Stopped;
        }
        finally
        {
            DisposeAll();
        }
    }

    /// <summary>Asks every command to stop; may be called on any thread and more than once.</summary>
    public void Stop()
    {
        CommandProcessor[] commands;
        lock (_lock)
        {
            if (_stopping) return;
            _stopping = true;
            commands = [.. _commands];
        }
        foreach (CommandProcessor command in commands) CmdletDriver.Stop(command.Cmdlet);
    }

    public void ThrowIfStopping()
    {
        if (_stopping || _failure is not null) throw new PipelineStoppedException();
    }

    /// <summary>Notes why the pipeline ends; the first reason stays. What is returned is what the cmdlet sees.</summary>
    public PipelineStoppedException Fail(RuntimeException failure)
    {
        _failure ??= failure;
        return new PipelineStoppedException();
    }

    void Prepare(Statement statement, CommandTable table)
    {
        for (int i = 0; i < statement.Commands.Count; i++)
        {
            CommandCall call = statement.Commands[i];
            CommandDescription command = table.Describe(call.Name);
            InvocationInfo invocation = EngineObjects.NewInvocation(
                new CmdletInfo(command.Name, command.Type), call.Name, statement.Text, i + 1, statement.Commands.Count);
            var processor = new CommandProcessor(this, command, call, invocation);
            lock (_lock)
            {
                if (_commands.Count > 0) _commands[^1].Downstream = processor;
                _commands.Add(processor);
            }
        }
    }

    void Execute()
    {
        int firstToComplete = 0;
        try
        {
            foreach (CommandProcessor command in _commands) command.Begin();
            _commands[0].ProcessOnce();
        }
        catch (StopUpstreamException e)
        {
            firstToComplete = After(e.Requester);
        }
        for (int i = firstToComplete; i < _commands.Count; i++)
        {
            try { _commands[i].End(); }
            catch (StopUpstreamException e) { i = After(e.Requester) - 1; }
        }
    }

    /// <summary>The command that has enough is not completed either: it did what it had to before it said so.</summary>
    int After(Cmdlet requester) => _commands.FindIndex(c => ReferenceEquals(c.Cmdlet, requester)) + 1;

    void DisposeAll()
    {
        List<CommandProcessor> commands;
        lock (_lock) (commands, _commands) = (_commands, []);
        foreach (CommandProcessor command in commands) (command.Cmdlet as IDisposable)?.Dispose();
    }
}
