namespace WaltG5k.Host.Formatting;

/// <summary>
/// A table. With widths from the view each row is written at once; where widths follow the contents, a few rows are looked at first,
/// but never for long: a slow pipeline is shown as it goes.
/// </summary>
sealed class TableBlock(TextWriter writer, View view, int width, bool colours, TimeProvider time) : IBlock
{
    const int LookAhead = 200;
    static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    readonly List<(string Text, bool IsNumber)[]> _waiting = [];
    readonly long _start = time.GetTimestamp();
    TableLayout? _layout;
    string? _group;

    public bool Takes(View other, object item)
    {
        if (!ReferenceEquals(other, view) && !other.Columns.Select(c => c.Label).SequenceEqual(view.Columns.Select(c => c.Label))) return false;
        return !other.IsList && (view.GroupBy is null || _group is null || GroupOf(item) == _group);
    }

    public void Write(object item)
    {
        if (view.IsText)
        {
            writer.WriteLine(Values.Cell(view.Columns[0].Source.Of(item), colours));
            return;
        }
        if (view.GroupBy is not null) _group ??= GroupOf(item);
        (string, bool)[] row = [.. view.Columns.Select(c => Cell(c.Source.Of(item)))];
        if (_layout is null)
        {
            if (!view.AutoSize) Start();
            else
            {
                _waiting.Add(row);
                if (_waiting.Count >= LookAhead || time.GetElapsedTime(_start) > s_patience) Start();
                return;
            }
        }
        writer.WriteLine(_layout!.Line([.. row.Select(c => c.Item1)]));
    }

    public void End()
    {
        if (view.IsText) return;
        if (_layout is null) Start();
        writer.WriteLine();
    }

    void Start()
    {
        _layout = new TableLayout(view, _waiting, width);
        writer.WriteLine();
        if (view.GroupBy is { } group)
        {
            writer.WriteLine($"   {group.Label}: {_group}");
            writer.WriteLine();
        }
        foreach (string line in view.HidesHeader ? [] : _layout.Header()) writer.WriteLine(line);
        foreach ((string Text, bool)[] row in _waiting) writer.WriteLine(_layout.Line([.. row.Select(c => c.Text)]));
        _waiting.Clear();
    }

    string GroupOf(object item) => Values.Cell(view.GroupBy!.Source.Of(item), colours);

    (string Text, bool IsNumber) Cell(object? value) =>
        (Values.Cell(value, colours), value is not null and not Enum and not char and not string and IConvertible);
}
