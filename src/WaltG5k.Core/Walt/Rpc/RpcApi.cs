namespace WaltG5k.Core.Walt.Rpc;

/// <summary>The APIs that a WalT server offers on its RPC port.</summary>
public enum RpcApi
{
    /// <summary>CSAPI: what clients use.</summary>
    Client,
    /// <summary>SSAPI: what the server's own tools use, such as device registration.</summary>
    ServerTools,
}

/// <summary>A call to the server.</summary>
/// <param name="Method">Such as <c>set_image</c>.</param>
public sealed record RpcCall(string Method, params IReadOnlyList<Python.PythonLiteral> Arguments)
{
    public Python.PythonDict Keywords { get; init; } = Python.PythonDict.Empty;

    /// <summary>How long the server may take in all. The time that our own callbacks take does not count.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether the call may be sent a second time when the connection was lost: true for all that asks, and for what sets a state.</summary>
    public bool IsIdempotent { get; init; } = true;
}

/// <summary>What a call gave: its value, and what the server printed meanwhile.</summary>
/// <param name="Output">Lines of its standard output.</param>
/// <param name="Errors">Lines of its standard error: the reason where the value says no.</param>
public sealed record RpcResult(Python.PythonLiteral Value, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>The first line of standard error, or a general sentence.</summary>
    public string Reason => Errors.Count > 0 ? Errors[0] : "The server gave no reason.";
}
