using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Oar.Sql;

/// <summary>What a filter may ask of a table: its columns' types and, for each row, their values.</summary>
/// <param name="IsNumber">Whether a column holds integers; null: there is no such column.</param>
public delegate bool? SqlColumnType(string column);

/// <summary>The rows of the table, for a SELECT within; each by its columns.</summary>
public delegate IEnumerable<Func<string, object?>> SqlRows();

/// <summary>
/// A WHERE clause over one table: comparisons, IN, LIKE, BETWEEN, IS NULL, AND, OR, NOT, parentheses, and IN (SELECT MIN(column) FROM resources WHERE
/// … GROUP BY column).
/// </summary>
public sealed class SqlFilter
{
    readonly SqlRows? _rows;
    readonly List<SqlToken> _tokens;
    readonly SqlColumnType _columns;
    readonly HashSet<string> _used = new(StringComparer.OrdinalIgnoreCase);
    readonly Func<Func<string, object?>, bool?> _condition;
    int _next;

    /// <exception cref="SqlException">With the database's own words.</exception>
    public SqlFilter(string text, SqlColumnType columns, SqlRows? rows = null)
    {
        _rows = rows;
        _tokens = SqlLexer.Split(text);
        _columns = columns;
        _condition = ParseOr();
        if (Current.Kind != SqlTokenKind.End) throw Unexpected();
    }

    /// <summary>The columns that the filter reads.</summary>
    public IReadOnlySet<string> Columns => _used;

    /// <param name="values">A long, a string or null for each column.</param>
    public bool Matches(Func<string, object?> values) => _condition(values) == true;

    SqlToken Current => _tokens[_next] is { Kind: not SqlTokenKind.Unterminated } token ? token
        : throw new SqlException($"unterminated quoted string at or near \"{_tokens[_next].Text}\"", _tokens[_next].Position);

    bool Accept(string text)
    {
        if (!Current.Is(text)) return false;
        _next++;
        return true;
    }

    void Expect(string text)
    {
        if (!Accept(text)) throw Unexpected();
    }

    SqlException Unexpected() => Current.Kind == SqlTokenKind.End
        ? new SqlException("syntax error at end of input", Current.Position)
        : new SqlException($"syntax error at or near \"{Current.Text}\"", Current.Position);

    // Three-valued logic: null is "unknown", as the comparison of a missing value is.
    Func<Func<string, object?>, bool?> ParseOr()
    {
        Func<Func<string, object?>, bool?> left = ParseAnd();
        while (Accept("OR"))
        {
            Func<Func<string, object?>, bool?> first = left, second = ParseAnd();
            left = row => first(row) is var a && a == true ? true : second(row) is var b && b == true ? true : a is null || b is null ? null : false;
        }
        return left;
    }

    Func<Func<string, object?>, bool?> ParseAnd()
    {
        Func<Func<string, object?>, bool?> left = ParseNot();
        while (Accept("AND"))
        {
            Func<Func<string, object?>, bool?> first = left, second = ParseNot();
            left = row => first(row) is var a && a == false
                ? false
                : second(row) is var b && b == false ? false : a is null || b is null ? null : true;
        }
        return left;
    }

    Func<Func<string, object?>, bool?> ParseNot()
    {
        if (!Accept("NOT")) return ParsePredicate();
        Func<Func<string, object?>, bool?> inner = ParseNot();
        return row => !inner(row);
    }

    Func<Func<string, object?>, bool?> ParsePredicate()
    {
        if (Accept("("))
        {
            Func<Func<string, object?>, bool?> inner = ParseOr();
            Expect(")");
            return inner;
        }
        if (Accept("TRUE")) return _ => true;
        if (Accept("FALSE")) return _ => false;
        SqlOperand left = ParseOperand();
        bool negated = Accept("NOT");
        if (Accept("IN")) return Negate(ParseIn(left), negated);
        if (Accept("LIKE")) return Negate(ParseLike(left, RegexOptions.None), negated);
        if (Accept("ILIKE")) return Negate(ParseLike(left, RegexOptions.IgnoreCase), negated);
        if (Accept("BETWEEN")) return Negate(ParseBetween(left), negated);
        if (negated) throw Unexpected();
        if (Accept("IS"))
        {
            bool isNot = Accept("NOT");
            Expect("NULL");
            return row => left.Get(row) is null != isNot;
        }
        return ParseComparison(left);
    }

    Func<Func<string, object?>, bool?> ParseComparison(SqlOperand left)
    {
        SqlToken symbol = Current;
        Func<int, bool> test = symbol.Text switch
        {
            "=" => c => c == 0,
            "!=" or "<>" => c => c != 0,
            "<" => c => c < 0,
            "<=" => c => c <= 0,
            ">" => c => c > 0,
            ">=" => c => c >= 0,
            _ => throw Unexpected(),
        };
        _next++;
        return Compare(left, ParseOperand(), symbol, test);
    }

    Func<Func<string, object?>, bool?> ParseIn(SqlOperand left)
    {
        SqlToken place = _tokens[_next - 1];
        Expect("(");
        if (_rows is not null && Accept("SELECT")) return ParseSelected(left, _rows);
        var tests = new List<Func<Func<string, object?>, bool?>>();
        do tests.Add(Compare(left, ParseOperand(), place with { Text = "=" }, c => c == 0));
        while (Accept(","));
        Expect(")");
        return row => left.Get(row) is null ? null : tests.Exists(t => t(row) == true);
    }

    Func<Func<string, object?>, bool?> ParseSelected(SqlOperand left, SqlRows rows)
    {
        Expect("MIN");
        Expect("(");
        SqlOperand chosen = ParseOperand();
        Expect(")");
        Expect("FROM");
        Expect("resources");
        Expect("WHERE");
        Func<Func<string, object?>, bool?> condition = ParseOr();
        Expect("GROUP");
        Expect("BY");
        SqlOperand key = ParseOperand();
        Expect(")");
        var smallest = new Lazy<HashSet<decimal>>(() =>
            [.. rows().Where(r => condition(r) == true).GroupBy(r => key.Get(r)).Select(g => g.Min(r => Number(chosen.Get(r)!)))]);
        return row => left.Get(row) is { } value ? smallest.Value.Contains(Number(value)) : null;

        static decimal Number(object value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture);
    }

    Func<Func<string, object?>, bool?> ParseLike(SqlOperand left, RegexOptions options)
    {
        if (Current.Kind != SqlTokenKind.Text) throw Unexpected();
        string pattern = "^" + Regex.Escape(_tokens[_next++].Text).Replace("%", ".*", StringComparison.Ordinal).Replace('_', '.') + "$";
        var regex = new Regex(pattern, options | RegexOptions.Singleline | RegexOptions.CultureInvariant);
        return row => left.Get(row) is { } value ? regex.IsMatch(Convert.ToString(value, CultureInfo.InvariantCulture)!) : null;
    }

    Func<Func<string, object?>, bool?> ParseBetween(SqlOperand left)
    {
        SqlToken place = _tokens[_next - 1];
        Func<Func<string, object?>, bool?> low = Compare(left, ParseOperand(), place with { Text = ">=" }, c => c >= 0);
        Expect("AND");
        Func<Func<string, object?>, bool?> high = Compare(left, ParseOperand(), place with { Text = "<=" }, c => c <= 0);
        return row => low(row) is bool a && high(row) is bool b ? a && b : null;
    }

    static Func<Func<string, object?>, bool?> Negate(Func<Func<string, object?>, bool?> condition, bool negated) =>
        negated ? row => !condition(row) : condition;

    /// <summary>A column, a number or a quoted text, whose type is that of what it is compared with.</summary>
    sealed record SqlOperand(bool IsNumber, bool IsQuoted, Func<Func<string, object?>, object?> Get, string Text, int Position);

    SqlOperand ParseOperand()
    {
        SqlToken token = Current;
        switch (token.Kind)
        {
            case SqlTokenKind.Number:
                _next++;
                decimal number = decimal.Parse(token.Text, CultureInfo.InvariantCulture);
                return new SqlOperand(true, false, _ => number, token.Text, token.Position);
            case SqlTokenKind.Text:
                _next++;
                return new SqlOperand(false, true, _ => token.Text, token.Text, token.Position);
            case SqlTokenKind.Word:
                _next++;
                bool isNumber = _columns(token.Text) ?? throw new SqlException($"column \"{token.Text}\" does not exist", token.Position);
                _used.Add(token.Text);
                return new SqlOperand(isNumber, false, row => row(token.Text), token.Text, token.Position);
            default:
                throw Unexpected();
        }
    }

    static Func<Func<string, object?>, bool?> Compare(SqlOperand left, SqlOperand right, SqlToken symbol, Func<int, bool> test)
    {
        left = Coerce(left, right);
        right = Coerce(right, left);
        if (left.IsNumber != right.IsNumber)
        {
            throw new SqlException($"operator does not exist: {TypeName(left)} {symbol.Text} {TypeName(right)}", symbol.Position);
        }
        return row =>
        {
            object? a = left.Get(row), b = right.Get(row);
            if (a is null || b is null) return null;
            return test(left.IsNumber
                ? Convert.ToDecimal(a, CultureInfo.InvariantCulture).CompareTo(Convert.ToDecimal(b, CultureInfo.InvariantCulture))
                : string.CompareOrdinal((string)a, (string)b));
        };
    }

    // A quoted text takes the type of the other side.
    static SqlOperand Coerce(SqlOperand operand, SqlOperand other)
    {
        if (!operand.IsQuoted || !other.IsNumber) return operand;
        if (!long.TryParse(operand.Text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            throw new SqlException($"invalid input syntax for type integer: \"{operand.Text}\"", operand.Position);
        }
        return operand with { IsNumber = true, IsQuoted = false, Get = _ => value };
    }

    static string TypeName(SqlOperand operand) => operand.IsNumber ? "integer" : "character varying";
}
