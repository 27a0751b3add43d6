namespace WaltG5k.Host.Formatting;

/// <summary>Per object one line for each property, the values below one another.</summary>
sealed class ListBlock(TextWriter writer, View view, bool colours) : IBlock
{
    readonly int _labels = view.Columns.Count == 0 ? 0 : view.Columns.Max(c => c.Label.Length);
    bool _started;

    public bool Takes(View other, object item) =>
        ReferenceEquals(other, view) || (other.IsList && other.Columns.Select(c => c.Label).SequenceEqual(view.Columns.Select(c => c.Label)));

    public void Write(object item)
    {
        if (!_started) writer.WriteLine();
        _started = true;
        foreach (Column column in view.Columns)
            writer.WriteLine($"{column.Label.PadRight(_labels)} : {Values.Cell(column.Source.Of(item), colours)}".TrimEnd());
        writer.WriteLine();
    }

    public void End() { }
}
