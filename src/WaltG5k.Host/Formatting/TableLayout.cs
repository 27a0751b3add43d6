using System.Text;

namespace WaltG5k.Host.Formatting;

/// <summary>Rows of fixed columns within a width; what is too long ends in an ellipsis.</summary>
sealed class TableLayout
{
    const int LeastWidth = 3;
    readonly IReadOnlyList<Column> _columns;
    readonly int[] _widths;
    readonly bool[] _right;

    /// <param name="sample">Rows that the widths and alignments of unsized columns go by; empty when the view gives the widths.</param>
    public TableLayout(View view, IReadOnlyList<(string Text, bool IsNumber)[]> sample, int width)
    {
        _columns = view.Columns;
        _right = [.. _columns.Select((c, i) => c.Alignment == Alignment.Right
            || (c.Alignment == Alignment.Left && c.Width == 0 && sample.Count > 0 && sample.All(r => r[i].IsNumber)))];
        _widths = [.. _columns.Select((c, i) => c.Width > 0
            ? c.Width
            : sample.Select(r => VisibleText.Width(r[i].Text)).Append(c.Label.Length).Max())];
        if (sample.Count == 0) Share(width);
        Fit(width);
    }

    public IEnumerable<string> Header()
    {
        yield return Line([.. _columns.Select(c => c.Label)]);
        yield return Line([.. _columns.Select((c, i) => new string('-', Math.Min(c.Label.Length, Math.Max(1, _widths[i]))))]);
    }

    public string Line(IReadOnlyList<string> cells)
    {
        var line = new StringBuilder();
        for (int i = 0; i < cells.Count && _widths[i] > 0; i++)
        {
            if (i > 0) line.Append(' ');
            line.Append(VisibleText.Pad(VisibleText.Cut(cells[i], _widths[i]), _widths[i], _right[i] ? Alignment.Right : _columns[i].Alignment));
        }
        return line.ToString().TrimEnd();
    }

    /// <summary>Columns without a width divide what the others leave.</summary>
    void Share(int width)
    {
        int open = _columns.Count(c => c.Width == 0);
        if (open == 0) return;
        int left = width - _columns.Sum(c => c.Width) - (_columns.Count - 1);
        for (int i = 0; i < _widths.Length; i++)
            if (_columns[i].Width == 0) _widths[i] = Math.Max(LeastWidth, left / open);
    }

    /// <summary>The widest columns give way first; what still does not fit is left out on the right.</summary>
    void Fit(int width)
    {
        while (_widths.Sum() + _widths.Length - 1 > width)
        {
            int widest = Array.IndexOf(_widths, _widths.Max());
            if (_widths[widest] <= LeastWidth) break;
            _widths[widest]--;
        }
        for (int used = 0, i = 0; i < _widths.Length; used += _widths[i] + 1, i++)
            if (used + _widths[i] > width) _widths[i] = 0;
    }
}
