using System.Net;

namespace WaltG5k.Core.Grid5000;

/// <summary>The API understood a request and will not do it: a status of 4xx, or a 500 that tells of a refusal behind it.</summary>
/// <param name="text">What it said, word for word: plain text, whatever was asked for.</param>
public sealed class ApiRefusedException(string message, HttpStatusCode status, string text, ErrorKind kind, object? target, string recommendation)
    : G5kException("ApiRefused", kind, message, target, recommendation)
{
    public HttpStatusCode Status { get; } = status;
    public string Text { get; } = text;
}
