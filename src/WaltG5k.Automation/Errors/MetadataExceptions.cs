namespace System.Management.Automation;

public class MetadataException : RuntimeException
{
    public MetadataException() { }
    public MetadataException(string message) : base(message) { }
    public MetadataException(string message, Exception? innerException) : base(message, innerException) { }
    private protected override ErrorRecord NewRecord() => new(this, GetType().Name, ErrorCategory.MetadataError, null);
}

/// <summary>A validation attribute refused an argument.</summary>
public class ValidationMetadataException : MetadataException
{
    public ValidationMetadataException() { }
    public ValidationMetadataException(string message) : base(message) { }
    public ValidationMetadataException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>A transformation attribute could make nothing of an argument.</summary>
public class ArgumentTransformationMetadataException : MetadataException
{
    public ArgumentTransformationMetadataException() { }
    public ArgumentTransformationMetadataException(string message) : base(message) { }
    public ArgumentTransformationMetadataException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>The arguments of a command do not fit its parameters.</summary>
public class ParameterBindingException : RuntimeException
{
    readonly string _text = "";

    public ParameterBindingException() { }
    public ParameterBindingException(string message) : base(message) => _text = message;
    public ParameterBindingException(string message, Exception? innerException) : base(message, innerException) => _text = message;

    internal ParameterBindingException(string message, string errorId, InvocationInfo? invocation, string parameterName, Type? parameterType,
        Exception? inner)
        : this(message, inner) =>
        (ErrorId, CommandInvocation, ParameterName, ParameterType) = (errorId, invocation, parameterName, parameterType);

    public string ErrorId { get; } = "";
    public string ParameterName { get; } = "";
    public Type? ParameterType { get; }
    public InvocationInfo? CommandInvocation { get; }
    public override string Message => _text;

    private protected override ErrorRecord NewRecord()
    {
        var record = new ErrorRecord(this, ErrorId.Length > 0 ? ErrorId : "ParameterBinding", ErrorCategory.InvalidArgument, null);
        if (CommandInvocation is not null) record.SetInvocation(CommandInvocation);
        return record;
    }
}
