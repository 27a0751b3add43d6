namespace WaltG5k.Core.Frontends;

/// <summary>Tells failures of ssh itself (status 255) from those of the command that ended with 255.</summary>
static class SshFailures
{
    public const int Status = 255;

    static readonly (string Text, string Why, string Advice)[] s_known =
    [
        ("Could not resolve hostname", "there is no host of that name", "Check the site's name: Get-G5kSite"),
        ("Permission denied", "it refuses your key", "Your key must be in ~/.ssh/authorized_keys at {0} (home directories are per site). Try: ssh {0}"),
        ("Too many authentication failures", "it refuses your keys", "Name one key in ~/.ssh/config. Try: ssh {0}"),
        ("Host key verification failed", "its host key is not the known one", "See which key is known: ssh-keygen -F {0}; then connect by hand once: ssh {0}"),
        ("Connection refused", "it refuses connections", "It may be under maintenance: https://www.grid5000.fr/status/"),
        ("timed out", "it does not answer", "It may be down: https://www.grid5000.fr/status/"),
        ("No route to host", "there is no way to it", "It may be down: https://www.grid5000.fr/status/"),
        ("Network is unreachable", "there is no way to it", "This works from a Grid'5000 front-end only. Try: ssh {0}"),
        ("Connection closed by", "it closed the connection", "Try again in a minute, or by hand: ssh {0}"),
        ("Connection reset by", "the connection was reset", "Try again in a minute, or by hand: ssh {0}"),
        ("kex_exchange_identification", "it closed the connection", "It may have too many connections: try again in a minute, or by hand: ssh {0}"),
        ("Broken pipe", "the connection broke", "Try again; what was running there has been ended."),
        ("Timeout, server", "the connection broke", "Try again; what was running there has been ended."),
    ];

    /// <summary>The error that ssh's words stand for; null when they are the command's own.</summary>
    public static G5kException? Classify(string site, CommandResult result)
    {
        if (result.Error.Contains("/!\\", StringComparison.Ordinal)) return null; // oarsub ends with 255 too, and says so
        return Explain(result) is var (why, advice)
            ? new G5kException("FrontendUnreachable", ErrorKind.ConnectionError, $"The front-end of {site} cannot be reached: {why}. {result.LastLines(2)}", site,
                advice.Replace("{0}", site, StringComparison.Ordinal))
            : null;
    }

    /// <summary>Why ssh itself failed, and what to do about it (<c>{0}</c> stands for the destination); null when its words are the command's own.</summary>
    public static (string Why, string Advice)? Explain(CommandResult result)
    {
        foreach ((string text, string why, string advice) in s_known)
        {
            if (result.Error.Contains(text, StringComparison.Ordinal)) return (why, advice);
        }
        return null;
    }
}
