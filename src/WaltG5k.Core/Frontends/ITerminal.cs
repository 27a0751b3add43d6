namespace WaltG5k.Core.Frontends;

/// <summary>The user's side of an interactive command that is no process: lines in, text out.</summary>
public interface ITerminal
{
    /// <summary>False when nobody sits there: a script, a pipe.</summary>
    bool IsInteractive { get; }

    /// <summary>The next line the user types after a prompt; null at the end of the input.</summary>
    Task<string?> ReadLineAsync(string prompt, CancellationToken cancellationToken);

    void Write(string text);
}
