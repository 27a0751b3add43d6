namespace WaltG5k.Core.Frontends;

/// <summary>Why ssh did not reach a front-end, or lost it.</summary>
public enum SshFailureReason
{
    /// <summary>ssh gave no reason that is known.</summary>
    Other,
    /// <summary>It refuses the user's keys.</summary>
    Authentication,
    /// <summary>There is no host of that name.</summary>
    UnknownName,
    /// <summary>Nothing listens at its port.</summary>
    Refused,
    /// <summary>It does not answer in time.</summary>
    Timeout,
    /// <summary>There is no way to its network.</summary>
    NoRoute,
    /// <summary>Its host key is another one than before.</summary>
    HostKeyChanged,
    /// <summary>Its host key has not been seen before, and nobody is asked.</summary>
    HostKeyUnknown,
    /// <summary>It, or the gateway before it, drops connections because there are too many.</summary>
    GatewayBusy,
    /// <summary>The connection broke while it was used.</summary>
    ConnectionLost,
}

/// <summary>A front-end that ssh could not reach, or lost; the code is <c>FrontendUnreachable</c>, whatever the reason.</summary>
public sealed class FrontendUnreachableException : G5kException
{
    public FrontendUnreachableException(SshFailureReason reason, string message, object? target = null, string? recommendation = null,
        Exception? inner = null)
        : base("FrontendUnreachable", ErrorKind.ConnectionError, message, target, recommendation, inner)
    {
        Reason = reason;
        Data[nameof(Reason)] = reason.ToString();
    }

    public SshFailureReason Reason { get; }
}
