using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;

namespace WaltG5k.Host.Terminal;

/// <summary>Asks the person at the terminal; without a terminal to read from, nobody.</summary>
/// <param name="writer">Where questions and <c>What if:</c> lines go: standard output, or standard error where that carries data.</param>
sealed class ConsoleUserInterface(TextWriter writer, TextWriter errorWriter, int width) : LineUserInterface
{
    public override PSHostRawUserInterface RawUI { get; } = new FixedTerminal(width);

    public override void Write(string value)
    {
        writer.Write(value);
        writer.Flush();
    }

    public override void WriteLine(string value)
    {
        writer.WriteLine(value);
        writer.Flush();
    }

    public override void WriteErrorLine(string value) => errorWriter.WriteLine(value);
    public override void WriteDebugLine(string message) => errorWriter.WriteLine($"DEBUG: {message}");
    public override void WriteVerboseLine(string message) => errorWriter.WriteLine($"VERBOSE: {message}");
    public override void WriteWarningLine(string message) => errorWriter.WriteLine($"WARNING: {message}");
    public override void WriteProgress(long sourceId, ProgressRecord record) { }

    protected override string? NextAnswer(bool secret)
    {
        if (Console.IsInputRedirected) return null;
        return secret ? ReadSecret() : Console.ReadLine();
    }

    string ReadSecret()
    {
        var text = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key == ConsoleKey.Backspace && text.Length > 0) text.Length--;
            else if (!char.IsControl(key.KeyChar)) text.Append(key.KeyChar);
        }
        WriteLine("");
        return text.ToString();
    }
}
