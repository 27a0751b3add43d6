namespace WaltG5k.Core.Frontends;

/// <summary>Whether a command only looks or changes something; <c>-WhatIf</c> lets the first pass and reports the second.</summary>
public enum CommandEffect
{
    Read,
    Change,
}

/// <summary>A command to run on a site's front-end.</summary>
/// <param name="Arguments">The program and its arguments, each a whole word: nothing here is ever parsed by a shell of ours.</param>
public sealed record CommandRequest(IReadOnlyList<string> Arguments)
{
    public CommandRequest(params string[] arguments) : this((IReadOnlyList<string>)arguments) { }

    /// <summary>Text sent to standard input, which is then closed. Null: an empty input.</summary>
    public string? Input { get; init; }
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    /// <summary>After this time the command is killed and <c>CommandTimeout</c> is thrown. No command waits for ever.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
    public CommandEffect Effect { get; init; } = CommandEffect.Read;
    /// <summary>Ask for a pseudo-terminal: kadeploy3 prints its progress only there. Standard error then comes with standard output.</summary>
    public bool Terminal { get; init; }
    /// <summary>True when <see cref="Input"/> must not be shown with -Verbose or kept in a journal.</summary>
    public bool InputIsSecret { get; init; }

    public string Program => Arguments[0];
    /// <summary>The command as a POSIX shell would take it: for messages and for a remote shell.</summary>
    public override string ToString() => PosixShell.Join(Arguments);
}
