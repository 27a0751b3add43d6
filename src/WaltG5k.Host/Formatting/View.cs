namespace WaltG5k.Host.Formatting;

enum Alignment { Left, Center, Right }

/// <param name="Width">In characters; 0 when the column takes its share of what is left.</param>
sealed record Column(string Label, ValueSource Source, int Width = 0, Alignment Alignment = Alignment.Left);

/// <summary>How objects of some types are shown.</summary>
/// <param name="Columns">The columns of a table, the lines of a list.</param>
/// <param name="GroupBy">Objects of which this differs are shown under headings of their own.</param>
/// <param name="AutoSize">The columns are as wide as their contents.</param>
/// <param name="HidesHeader">Only the rows are shown; of a single column nothing is cut.</param>
sealed record View(bool IsList, IReadOnlyList<Column> Columns, Column? GroupBy = null, bool AutoSize = false, bool HidesHeader = false)
{
    /// <summary>Lines of text rather than a table.</summary>
    public bool IsText => HidesHeader && Columns.Count == 1;
}
