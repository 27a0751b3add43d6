namespace WaltG5k.Testbed.Commands;

/// <summary>One run of an emulated front-end program.</summary>
public sealed record CommandContext
{
    public required TestbedWorld World { get; init; }
    /// <summary>The site whose front-end runs the program.</summary>
    public required string Site { get; init; }
    public required string User { get; init; }
    /// <summary>Without the program's own name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }
    public required string Input { get; init; }
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    /// <summary>True on a pseudo-terminal: some programs print their progress only there.</summary>
    public required bool Terminal { get; init; }
    /// <summary>Each call is a line (or several) that appears at once to the caller.</summary>
    public required Action<string> WriteLine { get; init; }
    public required Action<string> WriteErrorLine { get; init; }
    /// <summary>The user's side, for a program that talks; null: there is none.</summary>
    public Core.Frontends.ITerminal? Conversation { get; init; }
    /// <summary>Text as it is, which need not end a line. Null: there are only whole lines.</summary>
    public Action<string>? WriteText { get; init; }
    /// <summary>Cancelled when the caller interrupts the program (as SIGINT does).</summary>
    public required CancellationToken Interrupted { get; init; }
    /// <summary>Nobody reads what it prints any more.</summary>
    public bool IsAbandoned { get; private init; }

    /// <summary>The same run when its caller has gone, of a program that its caller cannot end.</summary>
    public CommandContext Abandon() => this with
    {
        WriteLine = static _ => { },
        WriteErrorLine = static _ => { },
        WriteText = null,
        Conversation = null,
        Interrupted = CancellationToken.None,
        IsAbandoned = true,
    };

    /// <summary>Prints text that ends as it ends.</summary>
    public void Write(string text)
    {
        if (WriteText is not null) WriteText(text);
        else if (text.Length > 0) WriteLine(text.EndsWith('\n') ? text[..^1] : text);
    }
}

/// <summary>A program that a front-end of the testbed has.</summary>
public interface IEmulatedCommand
{
    IReadOnlyList<string> Names { get; }

    /// <summary>Runs it and returns its exit status. Takes the time that the real one takes, on the world's clock.</summary>
    Task<int> RunAsync(string name, CommandContext context);
}
