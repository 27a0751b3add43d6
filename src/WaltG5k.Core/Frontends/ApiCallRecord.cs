namespace WaltG5k.Core.Frontends;

/// <summary>One request to the API, for -Verbose. It never holds a body or a header: those may be secret.</summary>
/// <param name="Status">Null when no answer came.</param>
public sealed record ApiCallRecord(string Method, string Path, int? Status, TimeSpan Duration)
{
    public override string ToString() => FormattableString.Invariant(
        $"API: {Method} {Path}: {(Status is { } status ? FormattableString.Invariant($"status {status}") : "no answer")}, {Duration.TotalSeconds:0.0} s");
}
