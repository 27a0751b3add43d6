using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Commands;

internal static partial class FrontendPrograms
{
    static readonly TimeSpan s_matchLimit = TimeSpan.FromSeconds(1);

    static string[] TextLines(ProgramCall call, out int status)
    {
        (List<string> texts, status) = call.ReadOperands();
        return [.. texts.SelectMany(Lines).Select(l => l.TrimEnd('\n'))];
    }

    static int Sort(ProgramCall call)
    {
        IEnumerable<string> lines = TextLines(call, out int status).Order(StringComparer.Ordinal);
        if (call.Has('u')) lines = lines.Distinct();
        if (call.Has('r')) lines = lines.Reverse();
        foreach (string line in lines) call.Context.WriteLine(line);
        return status;
    }

    static int Uniq(ProgramCall call)
    {
        string[] lines = TextLines(call, out int status);
        for (int i = 0; i < lines.Length;)
        {
            int next = i;
            while (next < lines.Length && lines[next] == lines[i]) next++;
            call.Context.WriteLine(call.Has('c') ? $"{next - i,7} {lines[i]}" : lines[i]);
            i = next;
        }
        return status;
    }

    static int Count(ProgramCall call)
    {
        (List<string> texts, int status) = call.ReadOperands();
        string all = string.Concat(texts);
        string[] words = all.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int lines = all.Count(c => c == '\n'), bytes = Encoding.UTF8.GetByteCount(all);
        call.Context.WriteLine(call.Has('l') ? Text(lines) : call.Has('w')
            ? Text(words.Length)
            : call.Has('c') ? Text(bytes) : $"{lines,7} {words.Length,7} {bytes,7}");
        return status;
    }

    static int Grep(ProgramCall call)
    {
        if (call.Operands.Count == 0) return call.Fail("usage: grep [OPTION]... PATTERNS [FILE]...", 2);
        RegexOptions options = call.Has('i') ? RegexOptions.IgnoreCase | RegexOptions.CultureInvariant : RegexOptions.CultureInvariant;
        string pattern = call.Has('F') ? Regex.Escape(call.Operands[0]) : call.Operands[0];
        string text = call.Operands.Count == 1 ? call.Context.Input : string.Concat(call.Operands.Skip(1).Select(p => call.Files.Read(p) ?? ""));
        string[] found;
        try
        {
            found = [.. Lines(text).Select(l => l.TrimEnd('\n')).Where(l => Regex.IsMatch(l, pattern, options, s_matchLimit) != call.Has('v'))];
        }
        catch (ArgumentException)
        {
            return call.Fail("Invalid regular expression", 2);
        }
        if (call.Has('c')) call.Context.WriteLine(Text(found.Length));
        else if (!call.Has('q')) foreach (string line in found) call.Context.WriteLine(line);
        return found.Length > 0 ? 0 : 1;
    }

    static int Echo(ProgramCall call)
    {
        bool noEnd = call.Context.Arguments is ["-n", ..];
        string text = string.Join(' ', call.Context.Arguments.Skip(noEnd ? 1 : 0));
        call.Context.Write(noEnd ? text : text + "\n");
        return 0;
    }

    // The format with %s, %d and the usual backslashes; it is used again as long as there are arguments.
    static int Printf(ProgramCall call)
    {
        if (call.Context.Arguments.Count == 0) return call.Fail("usage: printf [-v var] format [arguments]", 2);
        string[] values = [.. call.Context.Arguments.Skip(1)];
        string format = call.Context.Arguments[0].Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal);
        int next = 0;
        do
        {
            call.Context.Write(MarkPattern().Replace(format, mark => mark.Value == "%%" ? "%" : next < values.Length ? values[next++] : ""));
        }
        while (next > 0 && next < values.Length);
        return 0;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("%[%sd]")]
    private static partial Regex MarkPattern();
}
