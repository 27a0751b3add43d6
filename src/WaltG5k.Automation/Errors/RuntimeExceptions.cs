namespace System.Management.Automation;

/// <summary>The root of what the engine throws.</summary>
public class RuntimeException : SystemException, IContainsErrorRecord
{
    readonly ErrorRecord? _record;

    public RuntimeException() { }
    public RuntimeException(string message) : base(message) { }
    public RuntimeException(string message, Exception? innerException) : base(message, innerException) { }
    public RuntimeException(string message, Exception? innerException, ErrorRecord? errorRecord) : base(message, innerException) =>
        _record = errorRecord;

    public virtual ErrorRecord ErrorRecord => _record ?? NewRecord();
    public bool WasThrownFromThrowStatement { get; set; }

    private protected virtual ErrorRecord NewRecord() => new(this, "RuntimeException", ErrorCategory.NotSpecified, null);
}

/// <summary>The pipeline is being stopped: by Ctrl-C, by a terminating error, by a downstream command that has enough.</summary>
public class PipelineStoppedException : RuntimeException
{
    public PipelineStoppedException() : base("The pipeline has been stopped.") { }
    public PipelineStoppedException(string message) : base(message) { }
    public PipelineStoppedException(string message, Exception? innerException) : base(message, innerException) { }
    private protected override ErrorRecord NewRecord() => new(this, "PipelineStopped", ErrorCategory.OperationStopped, null);
}

/// <summary>An error met <c>-ErrorAction Stop</c>.</summary>
public class ActionPreferenceStopException : RuntimeException
{
    readonly ErrorRecord? _record;

    public ActionPreferenceStopException() : this(
        "The running command stopped because the preference variable \"ErrorActionPreference\" or common parameter is set to Stop.") { }
    public ActionPreferenceStopException(string message) : base(message) { }
    public ActionPreferenceStopException(string message, Exception? innerException) : base(message, innerException) { }

    internal ActionPreferenceStopException(ErrorRecord record)
        : base($"The running command stopped because the preference variable \"ErrorActionPreference\" or common parameter is set to Stop: {record}") =>
        _record = record;

    public override ErrorRecord ErrorRecord => _record ?? new ErrorRecord(this, "ActionPreferenceStop", ErrorCategory.OperationStopped, null);
}

/// <summary>A terminating error of a cmdlet, with the record that describes it.</summary>
public class CmdletInvocationException : RuntimeException
{
    readonly ErrorRecord? _record;

    public CmdletInvocationException() { }
    public CmdletInvocationException(string message) : base(message) { }
    public CmdletInvocationException(string message, Exception? innerException) : base(message, innerException) { }
    internal CmdletInvocationException(ErrorRecord record) : base(record.ToString(), record.Exception) => _record = record;
    public override ErrorRecord ErrorRecord => _record ?? base.ErrorRecord;
}

public class CommandNotFoundException : RuntimeException
{
    public CommandNotFoundException() { }
    public CommandNotFoundException(string message) : base(message) { }
    public CommandNotFoundException(string message, Exception? innerException) : base(message, innerException) { }
    public string CommandName { get; set; } = "";
    public override ErrorRecord ErrorRecord => new(this, "CommandNotFoundException", ErrorCategory.ObjectNotFound, CommandName);
}

/// <summary>Steers the pipeline and is no error: never swallow it.</summary>
public abstract class FlowControlException : SystemException
{
    protected FlowControlException() { }
}
