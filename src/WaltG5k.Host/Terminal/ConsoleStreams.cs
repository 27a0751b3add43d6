using System.Management.Automation;
using WaltG5k.Host.Engine;
using WaltG5k.Host.Formatting;

namespace WaltG5k.Host.Terminal;

/// <summary>Objects to standard output, everything else to standard error.</summary>
sealed class ConsoleStreams(IOutputFormat output, TextWriter outWriter, TextWriter errorWriter, ProgressWriter progress, bool colours) : IHostStreams
{
    /// <summary>Whoever read our output has gone: <c>waltg5k … | head</c>.</summary>
    public bool ReaderHasGone { get; private set; }

    public void Output(object? value)
    {
        progress.Clear();
        OrGone(() =>
        {
            output.Write(value);
            outWriter.Flush();
        });
    }

    public void End()
    {
        progress.Clear();
        if (ReaderHasGone) return;
        try
        {
            output.End();
            outWriter.Flush();
        }
        catch (IOException) { ReaderHasGone = true; }
    }

    public void Error(ErrorRecord record)
    {
        foreach (string line in ErrorText.LinesOf(record)) WriteLine(line, Ansi.Red);
    }

    public void Warning(string message) => WriteLine($"WARNING: {message}", Ansi.Yellow);
    public void Verbose(string message) => WriteLine($"VERBOSE: {message}", Ansi.Yellow);
    public void Debug(string message) => WriteLine($"DEBUG: {message}", Ansi.Yellow);
    public void Information(InformationRecord record) => WriteLine(record.ToString(), null);
    public void Progress(ProgressRecord record) => progress.Write(record);

    void WriteLine(string line, string? colour)
    {
        progress.Clear();
        errorWriter.WriteLine(colours && colour is not null ? colour + line + Ansi.Reset : line);
    }

    void OrGone(Action write)
    {
        try { write(); }
        catch (IOException)
        {
            ReaderHasGone = true;
            throw new PipelineStoppedException();
        }
    }
}
