namespace WaltG5k.Host.Terminal;

/// <summary>The few escape sequences that the host uses, on a terminal only.</summary>
static class Ansi
{
    public const string Red = "\u001b[31;1m";
    public const string Yellow = "\u001b[33;1m";
    public const string Reset = "\u001b[0m";

    /// <summary>To the first column and clear to the end.</summary>
    public const string ClearLine = "\r\u001b[K";
}
