using WaltG5k.Host.Commands;

namespace WaltG5k.Host.Formatting;

/// <summary>All objects of a run as one JSON array, written element by element.</summary>
sealed class JsonOutput(TextWriter writer) : IOutputFormat
{
    bool _started;

    public void Write(object? value)
    {
        if (value is FormatEntry entry) value = entry.Value;
        writer.Write(_started ? ",\n" : "[\n");
        writer.Write("  " + JsonText.Of(value).Replace("\n", "\n  ", StringComparison.Ordinal));
        _started = true;
    }

    public void End() => writer.WriteLine(_started ? "\n]" : "[]");
}

/// <summary>A header and a line per object; the first object decides on the columns.</summary>
sealed class CsvOutput(TextWriter writer) : IOutputFormat
{
    readonly CsvText _csv = new();

    public void Write(object? value)
    {
        if (value is FormatEntry entry) value = entry.Value;
        if (value is null) return;
        foreach (string line in _csv.LinesOf(value)) writer.WriteLine(line);
    }

    public void End() { }
}
