namespace WaltG5k.Testbed.Oar.Sql;

enum SqlTokenKind
{
    End,
    Word,
    Number,
    Text,
    Symbol,
    /// <summary>A text whose end is missing: an error only where the filter is read as far as that.</summary>
    Unterminated,
}

readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Position)
{
    public bool Is(string text) => Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && Text.Equals(text, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Splits a filter into tokens as the database does.</summary>
static class SqlLexer
{
    public static List<SqlToken> Split(string text)
    {
        var tokens = new List<SqlToken>();
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i];
            int start = i;
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_')) i++;
                tokens.Add(new SqlToken(SqlTokenKind.Word, text[start..i], start));
            }
            else if (char.IsAsciiDigit(c) || (c == '-' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])))
            {
                i++;
                while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.')) i++;
                tokens.Add(new SqlToken(SqlTokenKind.Number, text[start..i], start));
            }
            else if (c is '\'' or '"')
            {
                tokens.Add(ReadQuoted(text, ref i));
            }
            else
            {
                i += text.AsSpan(i) is ['<' or '>' or '!', '=', ..] or ['<', '>', ..] ? 2 : 1;
                tokens.Add(new SqlToken(SqlTokenKind.Symbol, text[start..i], start));
            }
        }
        tokens.Add(new SqlToken(SqlTokenKind.End, "", text.Length));
        return tokens;
    }

    // 'text' is a value, "text" a column; the quote is doubled within.
    static SqlToken ReadQuoted(string text, ref int i)
    {
        char quote = text[i];
        int start = i++;
        var value = new System.Text.StringBuilder();
        for (; i < text.Length; i++)
        {
            if (text[i] != quote) value.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == quote) value.Append(text[i++]);
            else break;
        }
        if (i == text.Length) return new SqlToken(SqlTokenKind.Unterminated, text[start..], start);
        i++;
        return new SqlToken(quote == '\'' ? SqlTokenKind.Text : SqlTokenKind.Word, value.ToString(), start);
    }
}
