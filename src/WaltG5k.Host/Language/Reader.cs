namespace WaltG5k.Host.Language;

/// <summary>The characters of a script and where we are among them.</summary>
sealed class Reader(string text)
{
    const char End = '\0';

    public int Position { get; private set; }
    public bool AtEnd => Position >= text.Length;
    public char Current => Peek(0);

    public char Peek(int ahead) => Position + ahead < text.Length ? text[Position + ahead] : End;

    public char Next()
    {
        char c = Current;
        Position++;
        return c;
    }

    public bool Take(char expected)
    {
        if (AtEnd || Current != expected) return false;
        Position++;
        return true;
    }

    public string Since(int start) => text[start..Math.Min(Position, text.Length)];

    /// <summary>Skips blanks, comments and escaped line ends; line ends too where they mean nothing.</summary>
    public void SkipBlanks(bool lineEnds = false)
    {
        while (!AtEnd)
        {
            if (Current is ' ' or '\t' or '\u00a0' || (lineEnds && Current is '\r' or '\n')) Position++;
            else if (Current == '`' && Peek(1) == '\n') Position += 2;
            else if (Current == '`' && Peek(1) == '\r' && Peek(2) == '\n') Position += 3;
            else if (Current == '#') while (!AtEnd && Current is not '\n') Position++;
            else return;
        }
    }

    public SyntaxException Error(string message, int? at = null)
    {
        (int line, int column) = Place(at ?? Position);
        return new SyntaxException(message, line, column);
    }

    /// <summary>Line and column, both from 1.</summary>
    public (int Line, int Column) Place(int position)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, Math.Min(position, text.Length));
        int lineStart = before.LastIndexOf('\n') + 1;
        return (before.Count('\n') + 1, before.Length - lineStart + 1);
    }
}
