using System.Globalization;

namespace WaltG5k.Core.Frontends;

/// <summary>A host for ssh to connect to, and the way there.</summary>
/// <param name="Host">As one types it: a host or a name of the ssh configuration.</param>
sealed record SshTarget(string Host, int? Port = null, string? User = null, string? Gateway = null, string? Config = null)
{
    /// <summary>ssh's options up to the destination, without those that say what to do there.</summary>
    public IReadOnlyList<string> Options
    {
        get
        {
            var words = new List<string>();
            if (Config is not null) words.AddRange(["-F", Config]);
            if (Gateway is not null) words.AddRange(
                ["-J", User is null || Gateway.Contains('@', StringComparison.Ordinal) ? Gateway : $"{User}@{Gateway}"]);
            if (User is not null) words.AddRange(["-l", User]);
            if (Port is { } port) words.AddRange(["-p", port.ToString(CultureInfo.InvariantCulture)]);
            return words;
        }
    }

    /// <summary>What a user would type after <c>ssh</c>.</summary>
    public override string ToString() => PosixShell.Join([.. Options, Host]);

    /// <summary>Reads <c>[user@]host[:port]</c>; an IPv6 address stands in brackets.</summary>
    /// <exception cref="G5kException"><c>DestinationNotValid</c>.</exception>
    public static SshTarget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string rest = text.Trim();
        string? user = null, port = null;
        if (rest.LastIndexOf('@') is >= 0 and var at) (user, rest) = (rest[..at], rest[(at + 1)..]);
        int bracket = rest.IndexOf(']', StringComparison.Ordinal);
        if (rest.IndexOf(':', Math.Max(0, bracket)) is >= 0 and var colon) (rest, port) = (rest[..colon], rest[(colon + 1)..]);
        if (bracket > 0 && rest[0] == '[') rest = rest[1..^1];
        int number = 0;
        bool isGood = rest.Length > 0 && rest[0] != '-' && user is not "" && !rest.Any(char.IsWhiteSpace)
            && (port is null || (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and < 65536));
        return isGood ? new SshTarget(rest, port is null ? null : number, user)
            : throw new G5kException("DestinationNotValid", ErrorKind.InvalidArgument,
            $"'{text}' is no destination for ssh.", text, "Write host, host:port, user@host:port, or a name of your ssh configuration.");
    }
}
