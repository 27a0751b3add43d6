using System.Globalization;
using System.Text;

namespace WaltG5k.Testbed.Ssh;

/// <summary>When a command runs, given the status of the one before.</summary>
internal enum ShellJoin
{
    Always,
    AfterSuccess,
    AfterFailure,
    /// <summary>Side by side with the one before, whose output it reads.</summary>
    Pipe,
}

/// <summary>
/// A redirection: <c>&gt; file</c>, <c>2&gt; file</c>, <c>&gt;&gt; file</c>, <c>&lt; file</c>, or <c>2&gt;&amp;1</c> with the target <c>&amp;1</c>.
/// </summary>
internal sealed record ShellRedirection(int Stream, bool Appends, string Target);

internal sealed record ShellCommand(ShellJoin Join, IReadOnlyList<string> Words, IReadOnlyList<ShellRedirection> Redirections);

/// <summary>
/// The part of the shell's grammar that the emulated nodes understand: words with quotes and backslashes, lists with <c>;</c>, <c>&amp;&amp;</c>,
/// <c>||</c>, pipes, redirections, <c>$?</c>. No other variables, no loops.
/// </summary>
internal sealed class ShellSyntax
{
    static readonly (string Text, ShellJoin Join)[] s_joins =
    [
        ("&&", ShellJoin.AfterSuccess), ("||", ShellJoin.AfterFailure), (";", ShellJoin.Always), ("\n", ShellJoin.Always), ("|", ShellJoin.Pipe),
    ];

    readonly string _text;
    readonly List<ShellCommand> _commands = [];
    List<string> _words = [];
    List<ShellRedirection> _redirections = [];
    ShellJoin _join = ShellJoin.Always;
    int _position;

    ShellSyntax(string text) => _text = text;

    /// <summary>Stands for <c>$?</c> in a word: what it is known only when the word is used.</summary>
    const char StatusMark = '\uE000';

    /// <summary>The words with the status of the command before in place of <c>$?</c>.</summary>
    public static IReadOnlyList<string> PutStatus(IReadOnlyList<string> words, int status) =>
        words.Any(w => w.Contains(StatusMark, StringComparison.Ordinal))
        ? [.. words.Select(w => w.Replace(StatusMark.ToString(), status.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))]
        : words;

    /// <exception cref="FormatException">The text does not belong to this grammar; the message is bash's.</exception>
    public static IReadOnlyList<ShellCommand> Parse(string text) => new ShellSyntax(text).Parse();

    List<ShellCommand> Parse()
    {
        while (_position < _text.Length)
        {
            char c = _text[_position];
            if (c is ' ' or '\t') _position++;
            else if (c == '#' && (_position == 0 || char.IsWhiteSpace(_text[_position - 1]))) SkipComment();
            else if (TryTakeJoin(out ShellJoin join)) Finish(join);
            else if (c is '&' or '(' or ')' or '`') throw new FormatException($"syntax error near unexpected token `{c}'");
            else if (!TryTakeRedirection()) _words.Add(TakeWord());
        }
        Finish(ShellJoin.Always);
        return _commands;
    }

    void Finish(ShellJoin next)
    {
        if (_words.Count > 0 || _redirections.Count > 0) _commands.Add(new ShellCommand(_join, _words, _redirections));
        else if (next != ShellJoin.Always) throw new FormatException("syntax error near unexpected token");
        _words = [];
        _redirections = [];
        _join = next;
    }

    bool TryTakeJoin(out ShellJoin join)
    {
        foreach ((string text, ShellJoin kind) in s_joins)
        {
            if (string.CompareOrdinal(_text, _position, text, 0, text.Length) != 0) continue;
            _position += text.Length;
            join = kind;
            return true;
        }
        join = default;
        return false;
    }

    bool TryTakeRedirection()
    {
        int start = _position;
        int stream = 1;
        if (_text[_position] is '1' or '2' && _position + 1 < _text.Length && _text[_position + 1] == '>') stream = _text[_position++] - '0';
        if (_text[_position] is not ('>' or '<'))
        {
            _position = start;
            return false;
        }
        if (_text[_position++] == '<') stream = 0;
        bool appends = stream > 0 && _position < _text.Length && _text[_position] == '>';
        if (appends) _position++;
        while (_position < _text.Length && _text[_position] is ' ' or '\t') _position++;
        bool isStream = _position < _text.Length && _text[_position] == '&';
        if (isStream) _position++;
        if (_position >= _text.Length) throw new FormatException("syntax error near unexpected token `newline'");
        _redirections.Add(new ShellRedirection(stream, appends, (isStream ? "&" : "") + TakeWord()));
        return true;
    }

    string TakeWord()
    {
        StringBuilder word = new();
        while (_position < _text.Length)
        {
            char c = _text[_position];
            if (c is ' ' or '\t' or '\n' or ';' or '&' or '|' or '<' or '>' or '(' or ')') break;
            _position++;
            if (c == '\'') word.Append(TakeUntil('\''));
            else if (c == '"') TakeDoubleQuoted(word);
            else if (c == '$' && _position < _text.Length && _text[_position] == '?') TakeStatus(word);
            else if (c == '\\' && _position < _text.Length) word.Append(_text[_position++]);
            else word.Append(c);
        }
        return word.ToString();
    }

    string TakeUntil(char quote)
    {
        int end = _text.IndexOf(quote, _position);
        if (end < 0) throw new FormatException($"unexpected EOF while looking for matching `{quote}'");
        string inner = _text[_position..end];
        _position = end + 1;
        return inner;
    }

    void TakeDoubleQuoted(StringBuilder word)
    {
        while (_position < _text.Length)
        {
            char c = _text[_position++];
            if (c == '"') return;
            if (c == '$' && _position < _text.Length && _text[_position] == '?')
            {
                TakeStatus(word);
                continue;
            }
            // Within double quotes a backslash protects only these.
            if (c == '\\' && _position < _text.Length && _text[_position] is '"' or '\\' or '$' or '`') c = _text[_position++];
            word.Append(c);
        }
        throw new FormatException("unexpected EOF while looking for matching `\"'");
    }

    void TakeStatus(StringBuilder word)
    {
        word.Append(StatusMark);
        _position++;
    }

    void SkipComment()
    {
        while (_position < _text.Length && _text[_position] != '\n') _position++;
    }
}
