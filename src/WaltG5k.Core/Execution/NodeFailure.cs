namespace WaltG5k.Core.Execution;

/// <summary>What a failed connection may do with another attempt.</summary>
enum RetryAdvice
{
    /// <summary>It will fail again, for as long as nobody does anything.</summary>
    Useless,
    Possible,
    /// <summary>Too many connections at once: later, and with fewer.</summary>
    BackOff,
    /// <summary>A way by other machines failed: once more by our own ssh.</summary>
    Directly,
}

/// <summary>Why ssh did not get to the command, read from what it prints before it ends with 255.</summary>
/// <param name="Reason">Without the target's name, so that equal reasons fold.</param>
sealed record NodeFailure(NodeCommandState State, string Reason, string Recommendation, RetryAdvice Retry)
{
    static readonly (string Text, NodeCommandState State, string Reason, string Advice, RetryAdvice Retry)[] s_known =
    [
        ("Could not resolve hostname", NodeCommandState.Unreachable, "there is no host of that name", "Check the name: Get-G5kNode",
            RetryAdvice.Useless),
        ("Permission denied", NodeCommandState.AuthenticationFailed, "it refuses your key",
        "Is it deployed with your key, and is the login right? Try: ssh {0}", RetryAdvice.Useless),
        ("Too many authentication failures", NodeCommandState.AuthenticationFailed, "it refuses your keys",
        "Name one key in ~/.ssh/config. Try: ssh {0}", RetryAdvice.Useless),
        ("No supported authentication methods", NodeCommandState.AuthenticationFailed, "it refuses your key", "Try: ssh {0}", RetryAdvice.Useless),
        ("Host key verification failed", NodeCommandState.HostKeyProblem, "its host key is not the known one",
        "It was deployed anew? Then: ssh-keygen -R {1}", RetryAdvice.Useless),
        ("no matching", NodeCommandState.Unreachable, "it shares no algorithm with this ssh", "Try: ssh -v {0}", RetryAdvice.Useless),
        // Busy: sshd drops connections that wait for their login (MaxStartups) before it says who it is.
        ("kex_exchange_identification", NodeCommandState.Unreachable, "it or its gateway has too many connections", "Use a lower -ThrottleLimit",
            RetryAdvice.BackOff),
        ("banner exchange", NodeCommandState.Unreachable, "it accepts a connection but does not answer", "Is it hanging? Restart-G5kNode {1}",
        RetryAdvice.Possible),
        ("Exceeded MaxStartups", NodeCommandState.Unreachable, "it or its gateway has too many connections", "Use a lower -ThrottleLimit",
        RetryAdvice.BackOff),
        ("stdio forwarding failed", NodeCommandState.Unreachable, "there is no way to it from the front-end",
        "Is it up? Try on the front-end: ssh {0}", RetryAdvice.Possible),
        ("Connection refused", NodeCommandState.Unreachable, "it refuses connections", "Is it still booting? Try: ssh {0}", RetryAdvice.Possible),
        ("timed out", NodeCommandState.Unreachable, "it does not answer",
        "Is it up, and in a VLAN that is reachable from the front-end? Try: ping {1}", RetryAdvice.Possible),
        ("No route to host", NodeCommandState.Unreachable, "there is no way to it", "Is it up? Try: ping {1}", RetryAdvice.Possible),
        ("Network is unreachable", NodeCommandState.Unreachable, "there is no way to it",
        "Is it in a VLAN that is reachable from the front-end? Try: ping {1}", RetryAdvice.Possible),
        ("Connection closed by", NodeCommandState.Unreachable, "it or its gateway closed the connection", "Try: ssh {0}", RetryAdvice.BackOff),
        ("Connection reset by", NodeCommandState.Unreachable, "the connection was reset", "Try: ssh {0}", RetryAdvice.BackOff),
        ("Timeout, server", NodeCommandState.Unreachable, "the connection broke", "Is it up? Try: ping {1}", RetryAdvice.Possible),
        ("Broken pipe", NodeCommandState.Unreachable, "the connection broke", "Is it up? Try: ping {1}", RetryAdvice.Possible),
        ("Bad configuration option", NodeCommandState.Unreachable, "ssh does not understand its configuration", "Look at it: ssh -G {0}",
        RetryAdvice.Useless),
        ("Bad SSH2 KexAlgorithms", NodeCommandState.Unreachable, "this ssh is too old (8.5 or later is needed)", "ssh -V", RetryAdvice.Useless),
    ];

    public static NodeFailure Read(string text, int status, NodeTarget target)
    {
        if (Find(text, target) is { } found) return found;
        string last = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";
        return new NodeFailure(NodeCommandState.Unreachable,
            FormattableString.Invariant($"no shell was reached: ssh ended with status {status}: {last}"), $"Try: ssh {Advise(target)} true",
            RetryAdvice.Possible);
    }

    /// <summary>Null for words that nobody knows.</summary>
    public static NodeFailure? Find(string text, NodeTarget target)
    {
        foreach ((string known, NodeCommandState state, string reason, string advice, RetryAdvice retry) in s_known)
        {
            if (text.Contains(known, StringComparison.Ordinal)) return new NodeFailure(state, reason, Fill(advice, target), retry);
        }
        return null;
    }

    public static NodeFailure NoAnswer(TimeSpan limit, NodeTarget target) => new(NodeCommandState.Unreachable,
        FormattableString.Invariant($"it has not answered within {limit.TotalSeconds:0.#} s"), $"Is it up? Try: ping {target.Host}",
        RetryAdvice.Possible);

    public static NodeFailure Lost(NodeTarget target) => new(NodeCommandState.Unreachable,
        "the connection broke while the command ran",
        $"Look whether it is still up: ping {target.Host}; what ran there has been ended with the connection.", RetryAdvice.Useless);

    /// <summary>{0} is what ssh is given, {1} the host alone.</summary>
    static string Fill(string advice, NodeTarget target) =>
        advice.Replace("{0}", Advise(target), StringComparison.Ordinal).Replace("{1}", target.Host, StringComparison.Ordinal);

    static string Advise(NodeTarget target) => target.User is null ? target.Host : $"{target.User}@{target.Host}";
}
