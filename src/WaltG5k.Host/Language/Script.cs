namespace WaltG5k.Host.Language;

/// <summary>What was typed: statements, one after the other.</summary>
sealed record Script(IReadOnlyList<Statement> Statements);

/// <param name="Commands">The commands of one pipeline, at least one.</param>
/// <param name="Text">The statement as it was typed.</param>
sealed record Statement(IReadOnlyList<CommandCall> Commands, string Text);

/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
sealed record CommandCall(string Name, IReadOnlyList<Argument> Arguments, int Line, int Column);

/// <summary>A parameter name, a value, or both as in <c>-Force:$false</c>.</summary>
/// <param name="Parameter">Without the dash; null for a value that stands alone.</param>
/// <param name="HasValue">Whether a value is part of the argument; a switch has none.</param>
sealed record Argument(string? Parameter, bool HasValue, object? Value);

/// <summary>The text is not in the host's language.</summary>
sealed class SyntaxException(string message, int line, int column) : Exception(message)
{
    /// <summary>From 1.</summary>
    public int Line { get; } = line;

    /// <summary>From 1.</summary>
    public int Column { get; } = column;
}
