using System.Globalization;

namespace WaltG5k.Testbed.Ssh;

/// <summary>A command line of ssh.</summary>
/// <param name="Command">What the remote shell gets: the words joined by blanks, as ssh does; null: the shell reads its standard input.</param>
internal sealed record SshArguments(string? User, string Host, string? Command, TimeSpan? ConnectTimeout)
{
    /// <summary>22 where none is said.</summary>
    public int Port { get; init; } = 22;

    const string OptionsWithValue = "bcDEeFIiJLlmOopQRSWw";

    public static SshArguments? Parse(IReadOnlyList<string> arguments)
    {
        string? user = null;
        TimeSpan? timeout = null;
        int port = 22;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--" && i + 1 < arguments.Count) argument = arguments[++i];
            if (argument.Length < 2 || argument[0] != '-')
            {
                int at = argument.LastIndexOf('@');
                string? command = i + 1 < arguments.Count ? string.Join(' ', arguments.Skip(i + 1)) : null;
                return new SshArguments(at >= 0 ? argument[..at] : user, argument[(at + 1)..].ToLowerInvariant(), command, timeout) { Port = port };
            }
            if (!OptionsWithValue.Contains(argument[1], StringComparison.Ordinal)) continue;
            if (argument.Length == 2 && i + 1 == arguments.Count) return null;
            string value = argument.Length > 2 ? argument[2..] : arguments[++i];
            if (argument[1] == 'l') user = value;
            else if (argument[1] == 'p' && int.TryParse(value, CultureInfo.InvariantCulture, out int given)) port = given;
            else if (argument[1] == 'o' && value.StartsWith("ConnectTimeout=", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(value["ConnectTimeout=".Length..], CultureInfo.InvariantCulture, out int seconds)) timeout =
                TimeSpan.FromSeconds(seconds);
        }
        return null;
    }
}
