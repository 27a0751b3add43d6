using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>
/// What runs on each target: a text for <c>/bin/sh</c>, or a program with its words. It arrives as it is, unless it is said to be a template.
/// </summary>
public sealed record NodeCommand
{
    readonly string? _script;
    readonly IReadOnlyList<string> _words = [];

    NodeCommand(string? script, IReadOnlyList<string> words) => (_script, _words) = (script, words);

    /// <summary>A text that the shell of each target reads.</summary>
    public static NodeCommand Script(string text) => new(text, []);

    /// <summary>A program and its arguments, each a whole word.</summary>
    public static NodeCommand Program(params IReadOnlyList<string> words) =>
        words.Count > 0 ? new(null, words) : throw new ArgumentException("A program is needed.", nameof(words));

    /// <summary>Standard input, the same text for all; null: an empty one.</summary>
    public string? Input { get; init; }
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    /// <summary>
    /// Whether <c>{{host}}</c>, <c>{{site}}</c>, <c>{{user}}</c>, <c>{{index}}</c> (from 0 on) and <c>{{count}}</c>, in the text or the words and in
    /// the input, stand for those of the target. False by default: braces mean something else to Go, Jinja and others.
    /// </summary>
    public bool IsTemplate { get; init; }
    /// <summary>Whether it only looks: then it runs with -WhatIf too.</summary>
    public CommandEffect Effect { get; init; } = CommandEffect.Change;

    public override string ToString() => _script ?? PosixShell.Join(_words);

    /// <summary>The shell text for one target.</summary>
    internal string GetScript(NodeTarget target, int index, int count)
    {
        var text = new StringBuilder();
        foreach ((string name, string value) in Environment)
            text.Append("export ").Append(name).Append('=').Append(PosixShell.Quote(value)).Append("; ");
        // In a script the value becomes a word of the shell, in a word it is plain text.
        text.Append(_script is null
            ? "exec " + PosixShell.Join(_words.Select(w => Substitute(w, target, index, count, quotes: false)))
            : Substitute(_script, target, index, count, quotes: true));
        return text.ToString();
    }

    internal string? GetInput(NodeTarget target, int index, int count) =>
        Input is null ? null : Substitute(Input, target, index, count, quotes: false);

    /// <exception cref="G5kException"><c>CommandInvalid</c>.</exception>
    internal void Check()
    {
        string? wrong = Environment.Keys.FirstOrDefault(n => n.Length == 0 || char.IsAsciiDigit(n[0])
            || n.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'));
        if (wrong is not null)
            throw new G5kException("CommandInvalid", ErrorKind.InvalidArgument, $"'{wrong}' is no name of an environment variable.", wrong,
                "Use letters, digits and _.");
        if (new[] { _script, Input }.Concat(_words).Concat(Environment.Values).Any(t => t?.Contains('\0', StringComparison.Ordinal) == true))
            throw new G5kException("CommandInvalid", ErrorKind.InvalidArgument, "A command and its input cannot hold a NUL character.", ToString(),
                "Send such data as a file.");
    }

    string Substitute(string text, NodeTarget target, int index, int count, bool quotes)
    {
        if (!IsTemplate) return text;
        (string Key, string Value)[] values =
        [
            ("{{host}}", target.Name), ("{{site}}", target.Site), ("{{user}}", target.User ?? ""),
            ("{{index}}", index.ToString(CultureInfo.InvariantCulture)), ("{{count}}", count.ToString(CultureInfo.InvariantCulture)),
        ];
        return values.Aggregate(text, (t, v) => t.Replace(v.Key, quotes ? PosixShell.Quote(v.Value) : v.Value, StringComparison.Ordinal));
    }
}
