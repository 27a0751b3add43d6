using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Host;
using WaltG5k.Automation;

namespace WaltG5k.Host.Engine;

/// <summary>What one command of a running pipeline writes to. Objects go to the next command at once.</summary>
sealed class CommandRuntime(PipelineRun run, CmdletContext context, Preferences preferences, ConfirmImpact impact) : ICommandRuntime2
{
    readonly Confirmation _confirmation = new(context, preferences, impact);
    int _thread = -1;

    /// <summary>The command that takes what this one writes; null at the end of the pipeline.</summary>
    public CommandProcessor? Downstream { get; set; }

    public PSHost Host => context.Host;

    /// <summary>Runs a callback of the cmdlet: only inside one, and only on its thread, may the cmdlet write.</summary>
    public void Enter(Action<Cmdlet> callback, Cmdlet cmdlet)
    {
        int before = _thread;
        _thread = Environment.CurrentManagedThreadId;
        try { callback(cmdlet); }
        finally { _thread = before; }
    }

    public void WriteObject(object? sendToPipeline)
    {
        CheckMayWrite();
        if (Downstream is { } next) next.Process(sendToPipeline);
        else run.Streams.Output(sendToPipeline);
    }

    public void WriteObject(object? sendToPipeline, bool enumerateCollection)
    {
        if (enumerateCollection && EngineObjects.Unwrap(sendToPipeline) is IEnumerable list and not string and not IDictionary)
            foreach (object? item in list) WriteObject(item);
        else WriteObject(sendToPipeline);
    }

    public void WriteError(ErrorRecord errorRecord)
    {
        ArgumentNullException.ThrowIfNull(errorRecord);
        CheckMayWrite();
        EngineObjects.SetReporter(errorRecord, context.Invocation);
        switch (preferences.Error)
        {
            case ActionPreference.Ignore or ActionPreference.SilentlyContinue: return;
            case ActionPreference.Stop: throw run.Fail(EngineObjects.NewStopError(errorRecord));
            case ActionPreference.Inquire when !_confirmation.GoOn(errorRecord.ToString()): throw run.Fail(EngineObjects.NewStopError(errorRecord));
            default: run.Streams.Error(errorRecord); break;
        }
    }

    public void WriteWarning(string text) => WriteMessage(preferences.Warning, text, run.Streams.Warning);
    public void WriteVerbose(string text) => WriteMessage(preferences.Verbose, text, run.Streams.Verbose);
    public void WriteDebug(string text) => WriteMessage(preferences.Debug, text, run.Streams.Debug);

    public void WriteInformation(InformationRecord informationRecord)
    {
        CheckMayWrite();
        if (preferences.Information is ActionPreference.Continue) run.Streams.Information(informationRecord);
    }

    public void WriteProgress(ProgressRecord progressRecord) => WriteProgress(0, progressRecord);

    public void WriteProgress(long sourceId, ProgressRecord progressRecord)
    {
        CheckMayWrite();
        if (preferences.Progress is ActionPreference.Continue) run.Streams.Progress(progressRecord);
    }

    /// <summary>The detail is for a log of PowerShell's that the host does not keep.</summary>
    public void WriteCommandDetail(string text) => CheckMayWrite();

    public bool ShouldProcess(string target) =>
        ShouldProcess(target, context.Invocation.MyCommand.Name);

    public bool ShouldProcess(string target, string action) =>
        ShouldProcess($"Performing the operation \"{action}\" on target \"{target}\".",
        $"Performing the operation \"{action}\" on target \"{target}\".", "Confirm");

    public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption) =>
        ShouldProcess(verboseDescription, verboseWarning, caption, out _);

    public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption, out ShouldProcessReason shouldProcessReason)
    {
        CheckMayWrite();
        shouldProcessReason = ShouldProcessReason.None;
        if (preferences.WhatIf)
        {
            shouldProcessReason = ShouldProcessReason.WhatIf;
            Host.UI.WriteLine($"What if: {verboseDescription}");
            return false;
        }
        if (_confirmation.IsNeeded) return Ask(() => _confirmation.ShouldProcess(verboseWarning, caption));
        WriteVerbose(verboseDescription);
        return true;
    }

    public bool ShouldContinue(string query, string caption)
    {
        bool yesToAll = false, noToAll = false;
        return ShouldContinue(query, caption, ref yesToAll, ref noToAll);
    }

    public bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll) =>
        ShouldContinue(query, caption, hasSecurityImpact: false, ref yesToAll, ref noToAll);

    public bool ShouldContinue(string query, string caption, bool hasSecurityImpact, ref bool yesToAll, ref bool noToAll)
    {
        CheckMayWrite();
        if (yesToAll || noToAll) return yesToAll;
        Answer answer = Ask(() => _confirmation.Ask(query, caption, hasSecurityImpact ? Answer.No : Answer.Yes));
        yesToAll = answer == Answer.YesToAll;
        noToAll = answer == Answer.NoToAll;
        return answer is Answer.Yes or Answer.YesToAll;
    }

    public void ThrowTerminatingError(ErrorRecord errorRecord)
    {
        ArgumentNullException.ThrowIfNull(errorRecord);
        EngineObjects.SetReporter(errorRecord, context.Invocation);
        throw run.Fail(EngineObjects.NewTerminatingError(errorRecord));
    }

    void WriteMessage(ActionPreference preference, string text, Action<string> write)
    {
        CheckMayWrite();
        switch (preference)
        {
            case ActionPreference.SilentlyContinue or ActionPreference.Ignore: return;
            case ActionPreference.Inquire when !_confirmation.GoOn(text):
            case ActionPreference.Stop:
                var record = new ErrorRecord(new InvalidOperationException(text), "ActionPreferenceStop", ErrorCategory.OperationStopped, null);
                EngineObjects.SetReporter(record, context.Invocation);
                throw run.Fail(EngineObjects.NewStopError(record));
            default: write(text); break;
        }
    }

    /// <summary>A question that nobody can answer ends the command with an error that says so.</summary>
    T Ask<T>(Func<T> question)
    {
        try { return question(); }
        catch (HostException e)
        {
            ThrowTerminatingError(new ErrorRecord(e, "CannotPrompt", ErrorCategory.ResourceUnavailable, null)
            {
                ErrorDetails = new ErrorDetails(e.Message)
                    { RecommendedAction = "Add -Confirm:$false (or -Force, where the command has it) to go on without being asked." },
            });
            throw;
        }
    }

    void CheckMayWrite()
    {
        if (Environment.CurrentManagedThreadId != _thread)
            throw new PSInvalidOperationException(
                "The WriteObject and WriteError methods cannot be called from outside the overrides of the BeginProcessing, ProcessRecord, and EndProcessing methods, and they can only be called from within the same thread.");
        run.ThrowIfStopping();
    }
}
