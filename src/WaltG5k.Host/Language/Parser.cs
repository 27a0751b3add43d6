using WaltG5k.Automation;

namespace WaltG5k.Host.Language;

/// <summary>
/// Reads pipelines: command names, parameters, literals, arrays, hashtables, <c>|</c> and <c>;</c>. What it accepts means the same in PowerShell;
/// what PowerShell has beyond that (variables, script blocks, redirection, sub-expressions) is refused by name, never guessed at.
/// </summary>
sealed class Parser
{
    readonly Reader _in;
    readonly Literals _literals;

    Parser(string text)
    {
        _in = new Reader(text);
        _literals = new Literals(_in);
    }

    /// <exception cref="SyntaxException">The text is not in the host's language.</exception>
    public static Script Parse(string text) => new Parser(text).ReadScript();

    Script ReadScript()
    {
        var statements = new List<Statement>();
        while (true)
        {
            do _in.SkipBlanks(lineEnds: true); while (_in.Take(';'));
            if (_in.AtEnd) return new Script(statements);
            statements.Add(ReadStatement());
        }
    }

    Statement ReadStatement()
    {
        int start = _in.Position;
        var commands = new List<CommandCall> { ReadCommand() };
        while (_in.Current == '|')
        {
            if (_in.Peek(1) == '|') throw _in.Error("'||' is not part of the host's language: separate pipelines with ';'.");
            _in.Next();
            _in.SkipBlanks(lineEnds: true);
            if (_in.AtEnd) throw _in.Error("An empty pipe element is not allowed: a command is missing after '|'.");
            commands.Add(ReadCommand());
        }
        return new Statement(commands, _in.Since(start).Trim());
    }

    CommandCall ReadCommand()
    {
        int start = _in.Position;
        if (!char.IsLetter(_in.Current) && _in.Current is not ('_' or '?')) throw Unexpected("a command name");
        string name = _literals.ReadWord();
        var arguments = new List<Argument>();
        while (true)
        {
            _in.SkipBlanks();
            if (_in.AtEnd || _in.Current is '|' or ';' or '\n' or '\r') break;
            arguments.Add(ReadArgument());
        }
        (int line, int column) = _in.Place(start);
        return new CommandCall(name, arguments, line, column);
    }

    Argument ReadArgument()
    {
        if (_in.Current != '-' || !(char.IsLetter(_in.Peek(1)) || _in.Peek(1) is '_' or '?')) return new Argument(null, true, ReadValue());
        _in.Next();
        int start = _in.Position;
        while (char.IsLetterOrDigit(_in.Current) || _in.Current is '_' or '-' or '?') _in.Next();
        string name = _in.Since(start);
        if (!_in.Take(':')) return new Argument(name, false, null);
        _in.SkipBlanks();
        return new Argument(name, true, ReadValue());
    }

    /// <summary>A literal, or several with commas between them.</summary>
    object? ReadValue()
    {
        object? first = ReadSingle();
        List<object?>? list = null;
        while (true)
        {
            _in.SkipBlanks();
            if (!_in.Take(',')) return list is null ? first : list.ToArray();
            _in.SkipBlanks(lineEnds: true);
            (list ??= [first]).Add(ReadSingle());
        }
    }

    object? ReadSingle() => _in.Current switch
    {
        '\'' => _literals.ReadSingleQuoted(),
        '"' => _literals.ReadDoubleQuoted(),
        '@' when _in.Peek(1) == '(' => ReadArray(),
        '@' when _in.Peek(1) == '{' => ReadHashtable(),
        '$' => _literals.ReadConstant(),
        '(' => throw _in.Error(
        "Parentheses are not part of the host's language: write an array as a,b or @(a,b), and run a pipeline of its own first."),
        '{' => throw _in.Error("Script blocks are not part of the host's language: use the form Where-Object Property -eq Value."),
        '>' or '<' => throw _in.Error("Redirection is not part of the host's language: redirect the host itself."),
        '&' => throw _in.Error("'&' is not part of the host's language."),
        '|' or ';' or ',' or ')' or '}' or '\n' or '\r' => throw Unexpected("a value"),
        _ when _in.AtEnd => throw Unexpected("a value"),
        _ => _literals.ReadBare(),
    };

    object?[] ReadArray()
    {
        int start = _in.Position;
        _in.Next();
        _in.Next();
        var items = new List<object?>();
        while (true)
        {
            do _in.SkipBlanks(lineEnds: true); while (_in.Take(',') || _in.Take(';'));
            if (_in.Take(')')) return items.ToArray();
            if (_in.AtEnd) throw _in.Error("The closing ')' of an array is missing.", start);
            items.Add(ReadSingle());
        }
    }

    System.Collections.Hashtable ReadHashtable()
    {
        int start = _in.Position;
        _in.Next();
        _in.Next();
        var table = new System.Collections.Hashtable(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            do _in.SkipBlanks(lineEnds: true); while (_in.Take(';'));
            if (_in.Take('}')) return table;
            if (_in.AtEnd) throw _in.Error("The closing '}' of a hashtable is missing.", start);
            int keyStart = _in.Position;
            object key = EngineObjects.Unwrap(_in.Current is '\'' or '"' ? ReadSingle() : _literals.ReadKey()) ?? throw Unexpected("a key");
            _in.SkipBlanks();
            if (!_in.Take('=')) throw Unexpected($"'=' after the key {key}");
            _in.SkipBlanks(lineEnds: true);
            if (table.ContainsKey(key)) throw _in.Error($"The key {key} occurs twice.", keyStart);
            // What is typed as a number is one here: there is no parameter to say otherwise.
            table.Add(key, EngineObjects.UnwrapElements(ReadValue()));
        }
    }

    SyntaxException Unexpected(string expected) =>
        _in.Error(_in.AtEnd ? $"The text ends where {expected} should be." : $"There is '{_in.Current}' where {expected} should be.");
}
