using System.Text.RegularExpressions;

namespace WaltG5k.Core.Frontends;

/// <summary>What ssh's own words mean. Its status is 255 whatever went wrong.</summary>
static partial class SshFailures
{
    public const int Status = 255;

    const string StatusPage = "https://www.grid5000.fr/status/";

    /// <summary>
    /// The first that is found counts: what a jump host says comes before the closed connection that follows from it.
    /// </summary>
    static readonly (string Text, SshFailureReason Reason)[] s_known =
    [
        ("HOST IDENTIFICATION HAS CHANGED", SshFailureReason.HostKeyChanged),
        ("Host key verification failed", SshFailureReason.HostKeyUnknown),
        ("host key is known for", SshFailureReason.HostKeyUnknown),
        ("Could not resolve hostname", SshFailureReason.UnknownName),
        ("Name or service not known", SshFailureReason.UnknownName),
        ("name resolution", SshFailureReason.UnknownName),
        ("Permission denied", SshFailureReason.Authentication),
        ("Too many authentication failures", SshFailureReason.Authentication),
        ("Connection refused", SshFailureReason.Refused),
        ("No route to host", SshFailureReason.NoRoute),
        ("Network is unreachable", SshFailureReason.NoRoute),
        ("administratively prohibited", SshFailureReason.NoRoute),
        ("Timeout, server", SshFailureReason.ConnectionLost),
        ("timed out", SshFailureReason.Timeout),
        ("Broken pipe", SshFailureReason.ConnectionLost),
        ("MaxStartups", SshFailureReason.GatewayBusy),
        ("kex_exchange_identification", SshFailureReason.GatewayBusy),
        ("ssh_exchange_identification", SshFailureReason.GatewayBusy),
        ("Connection closed by", SshFailureReason.GatewayBusy),
        ("Connection reset by", SshFailureReason.GatewayBusy),
        ("closed by remote host", SshFailureReason.ConnectionLost),
    ];

    /// <summary>The reason in what ssh printed before anything ran.</summary>
    public static SshFailureReason Classify(string text)
    {
        foreach ((string known, SshFailureReason reason) in s_known)
            if (text.Contains(known, StringComparison.Ordinal)) return reason;
        return SshFailureReason.Other;
    }

    /// <summary>The error of a command that ended with ssh's status without having told one of its own.</summary>
    /// <param name="destination">What one types after <c>ssh</c> to come to that site.</param>
    public static FrontendUnreachableException OfCommand(string site, string destination, RemoteCommand command, CommandResult result)
    {
        string said = command.Output.IsStarted ? result.LastLines(2) : LastLines(command.Output.Preamble);
        return Make(command.Output.IsStarted ? SshFailureReason.ConnectionLost : Classify(command.Output.Preamble), site, destination, said,
            command.Output.Preamble);
    }

    /// <summary>The error of a connection that was not made.</summary>
    public static FrontendUnreachableException OfLogin(string site, string destination, string text) =>
        Make(Classify(text), site, destination, LastLines(text), text);

    /// <param name="said">What of ssh's words belongs into the message.</param>
    /// <param name="text">All that ssh said.</param>
    public static FrontendUnreachableException Make(SshFailureReason reason, string site, string destination, string said, string text = "")
    {
        (string why, string advice) = Explain(reason, destination, text);
        string what = reason == SshFailureReason.ConnectionLost
            ? $"The connection to the front-end of {site} was lost"
            : $"The front-end of {site} cannot be reached: {why}";
        return new FrontendUnreachableException(reason, $"{what}. {said}".TrimEnd(), site, advice);
    }

    /// <summary>
    /// Why ssh itself failed, and what to do about it (<c>{0}</c> stands for the destination); null when its words are the command's own.
    /// </summary>
    public static (string Why, string Advice)? Explain(CommandResult result) =>
        Classify(result.Error) is var reason and not SshFailureReason.Other ? Explain(reason, "{0}", result.Error) : null;

    static (string Why, string Advice) Explain(SshFailureReason reason, string host, string text) => reason switch
    {
        SshFailureReason.Authentication => ("it refuses your keys",
            $"Your key must be in your account (https://api.grid5000.fr/stable/users/) and in your agent (ssh-add -l), and the login right. Try: ssh {host}"),
        SshFailureReason.UnknownName => ("there is no host of that name",
        "Check the site's name. From outside Grid'5000, name the way: Connect-G5k -Site nancy -UserName LOGIN -Gateway access.grid5000.fr"),
        SshFailureReason.Refused => ("it refuses connections", $"Check the port; the site may be under maintenance: {StatusPage}"),
        SshFailureReason.Timeout => ("it does not answer", $"It may be down: {StatusPage}; or a firewall is in the way. Try: ssh -v {host}"),
        SshFailureReason.NoRoute => ("there is no way to it",
        $"Front-ends are reached through a gateway: add -Gateway access.grid5000.fr. Try: ssh {host}"),
        SshFailureReason.HostKeyChanged => ("its host key is not the one that is known",
        $"Make sure that this is right before you forget the old key: {GetForgetting(host, text)}"),
        SshFailureReason.HostKeyUnknown => ("its host key is not known here yet", $"Connect by hand once and compare the key: ssh {host}"),
        SshFailureReason.GatewayBusy => ("it closed the connection",
        $"It may have too many connections. Try again in a minute, or by hand: ssh {host}"),
        SshFailureReason.ConnectionLost => ("the connection broke", "Try again; what was running there has been ended."),
        _ => ("ssh failed", $"Try it by hand: ssh -v {host}"),
    };

    /// <summary>ssh may name the command itself, with the right file and port; else the host is the last word of the destination.</summary>
    static string GetForgetting(string destination, string text) =>
        Forgetting().Match(text) is { Success: true } named ? named.Value : $"ssh-keygen -R {destination[(destination.LastIndexOf(' ') + 1)..]}";

    static string LastLines(string text) =>
        string.Join("\n", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(2));

    [GeneratedRegex(@"ssh-keygen -f .+ -R \S+", RegexOptions.CultureInvariant)]
    private static partial Regex Forgetting();
}
