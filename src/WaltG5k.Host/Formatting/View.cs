namespace WaltG5k.Host.Formatting;

enum Alignment { Left, Center, Right }

/// <param name="Width">In characters; 0 when the column takes its share of what is left.</param>
sealed record Column(string Label, ValueSource Source, int Width = 0, Alignment Alignment = Alignment.Left);

/// <summary>How objects of some types are shown.</summary>
/// <param name="Columns">The columns of a table, the lines of a list.</param>
/// <param name="GroupBy">Objects of which this differs are shown under headings of their own.</param>
/// <param name="AutoSize">The columns are as wide as their contents.</param>
sealed record View(bool IsList, IReadOnlyList<Column> Columns, Column? GroupBy = null, bool AutoSize = false);
