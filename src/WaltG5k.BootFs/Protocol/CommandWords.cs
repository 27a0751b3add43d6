using System.Globalization;

namespace WaltG5k.BootFs;

/// <summary>The command line is wrong.</summary>
sealed class UsageException(string message) : Exception(message);

/// <summary>A command line: a command, then options with a value each, switches and operands. What nobody takes is an error.</summary>
sealed class CommandWords
{
    readonly List<string> _words;

    CommandWords(string command, List<string> words) => (Command, _words) = (command, words);

    public string Command { get; }

    public static CommandWords Parse(string[] arguments) =>
        arguments.Length == 0 ? throw new UsageException("a command is missing") : new CommandWords(arguments[0], [.. arguments[1..]]);

    public string Take(string option) => TakeOptional(option) ?? throw new UsageException($"{option} is missing");

    public string? TakeOptional(string option)
    {
        int index = _words.IndexOf(option);
        if (index < 0) return null;
        if (index + 1 == _words.Count) throw new UsageException($"{option} has no value");
        string value = _words[index + 1];
        _words.RemoveRange(index, 2);
        return value;
    }

    public bool TakeSwitch(string option) => _words.Remove(option);

    public long TakeNumber(string option, long value, long least, long most)
    {
        if (TakeOptional(option) is not string text) return value;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most ? number
            : throw new UsageException($"{option} is a number from {least} to {most}");
    }

    public List<string> TakeOperands()
    {
        List<string> operands = [.. _words.Where(w => !w.StartsWith('-'))];
        _words.RemoveAll(w => !w.StartsWith('-'));
        return operands;
    }

    public void Finish()
    {
        if (_words.Count > 0) throw new UsageException($"'{_words[0]}' is not known here");
    }
}
