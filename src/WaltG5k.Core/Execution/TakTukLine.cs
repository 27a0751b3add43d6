using System.Globalization;
using System.Text;

namespace WaltG5k.Core.Execution;

/// <summary>What a line of TakTuk's output is about.</summary>
enum TakTukStream
{
    Output,
    Error,
    /// <summary>What an ssh towards a peer said.</summary>
    Connector,
    /// <summary>The state of a connection, as a number.</summary>
    State,
}

/// <summary>One line of TakTuk's output, in the form that our templates give it.</summary>
/// <param name="Position">Whom it concerns: a number of the order in which targets were named; 0 is the front-end.</param>
/// <param name="Teller">The position of the one that says so: another one than <paramref name="Position"/> for what concerns a connection.</param>
readonly record struct TakTukLine(TakTukStream Stream, int Position, int Teller, byte[] Data)
{
    /// <summary>All but printable ASCII as %XX: what a command prints arrives to the byte, whatever else reads the lines on their way.</summary>
    const string Text = """($line=~s/([^ -~]|%)/sprintf("%%%02X",ord($1))/ger)""";

    /// <summary>The options of TakTuk that make it print such lines, and nothing else.</summary>
    public static IReadOnlyList<string> Templates { get; } =
    [
        "-o", "default", "-o", "status", "-o", "info", "-o", "message", "-o", "taktuk",
        "-o", $$"""output="O $position ".{{Text}}.($eol?"%0A":"")."\n" """.TrimEnd(),
        "-o", $$"""error="E $position ".{{Text}}.($eol?"%0A":"")."\n" """.TrimEnd(),
        "-o", $$"""connector="C $position $peer_position ".{{Text}}."\n" """.TrimEnd(),
        "-o", """state="S $position ".($peer_position||0)." $line\n" """.TrimEnd(),
    ];

    public static TakTukLine? Parse(string text)
    {
        string[] words = text.Split(' ', 3);
        if (words is not [{ Length: 1 } kind, string first, string rest]
            || !int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int teller)) return null;
        if (kind is "O" or "E") return new TakTukLine(kind == "O" ? TakTukStream.Output : TakTukStream.Error, teller, teller, Decode(rest));
        string[] more = rest.Split(' ', 2);
        if (kind is not ("C" or "S") || more.Length < 2 || !int.TryParse(more[0], NumberStyles.None, CultureInfo.InvariantCulture, out int position))
            return null;
        return new TakTukLine(kind == "C" ? TakTukStream.Connector : TakTukStream.State, position, teller, Decode(more[1]));
    }

    static byte[] Decode(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                bytes[count++] = value;
                i += 2;
            }
            else
            {
                bytes[count++] = (byte)text[i];
            }
        }
        return bytes[..count];
    }
}
