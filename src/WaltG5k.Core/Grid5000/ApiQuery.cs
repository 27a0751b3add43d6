namespace WaltG5k.Core.Grid5000;

/// <summary>The part of an address behind the question mark.</summary>
static class ApiQuery
{
    /// <summary><c>?a=b&amp;c=d</c> of those that have a value; empty when none has.</summary>
    public static string Join(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        List<string> given = [];
        foreach ((string name, string? value) in parameters)
            if (!string.IsNullOrEmpty(value)) given.Add($"{name}={Uri.EscapeDataString(value)}");
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
