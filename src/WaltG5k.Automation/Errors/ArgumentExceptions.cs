namespace System.Management.Automation;

public class PSArgumentException : ArgumentException, IContainsErrorRecord
{
    public PSArgumentException() { }
    public PSArgumentException(string message) : base(message) { }
    public PSArgumentException(string message, string paramName) : base(message, paramName) { }
    public PSArgumentException(string message, Exception? innerException) : base(message, innerException) { }
    public ErrorRecord ErrorRecord => new(this, "Argument", ErrorCategory.InvalidArgument, null);
}

public class PSArgumentNullException : ArgumentNullException, IContainsErrorRecord
{
    public PSArgumentNullException() { }
    public PSArgumentNullException(string paramName) : base(paramName) { }
    public PSArgumentNullException(string message, Exception? innerException) : base(message, innerException) { }
    public ErrorRecord ErrorRecord => new(this, "ArgumentNull", ErrorCategory.InvalidArgument, null);
}

public class PSInvalidOperationException : InvalidOperationException, IContainsErrorRecord
{
    public PSInvalidOperationException() { }
    public PSInvalidOperationException(string message) : base(message) { }
    public PSInvalidOperationException(string message, Exception? innerException) : base(message, innerException) { }
    public ErrorRecord ErrorRecord => new(this, "InvalidOperation", ErrorCategory.InvalidOperation, null);
}

public class PSInvalidCastException : InvalidCastException, IContainsErrorRecord
{
    public PSInvalidCastException() { }
    public PSInvalidCastException(string message) : base(message) { }
    public PSInvalidCastException(string message, Exception? innerException) : base(message, innerException) { }
    public ErrorRecord ErrorRecord => new(this, "PSInvalidCastException", ErrorCategory.InvalidArgument, null);
}

public class PSNotSupportedException : NotSupportedException, IContainsErrorRecord
{
    public PSNotSupportedException() { }
    public PSNotSupportedException(string message) : base(message) { }
    public PSNotSupportedException(string message, Exception? innerException) : base(message, innerException) { }
    public ErrorRecord ErrorRecord => new(this, "NotSupported", ErrorCategory.NotImplemented, null);
}

public class PSNotImplementedException : NotImplementedException, IContainsErrorRecord
{
    public PSNotImplementedException() { }
    public PSNotImplementedException(string message) : base(message) { }
    public PSNotImplementedException(string message, Exception? innerException) : base(message, innerException) { }
    public ErrorRecord ErrorRecord => new(this, "NotImplemented", ErrorCategory.NotImplemented, null);
}
