namespace WaltG5k.Core.Text;

/// <summary>Compares names as people count: <c>gros-2</c> before <c>gros-10</c>. Ordinal outside of numbers, whatever the culture.</summary>
public sealed class NaturalComparer : IComparer<string>
{
    public static NaturalComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return string.CompareOrdinal(x, y);
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            if (char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j]))
            {
                ReadOnlySpan<char> left = TakeNumber(x, ref i), right = TakeNumber(y, ref j);
                int difference = left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);
                if (difference != 0) return difference;
            }
            else if (x[i] != y[j])
            {
                return x[i] - y[j];
            }
            else
            {
                i++;
                j++;
            }
        }
        int rest = (x.Length - i) - (y.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(x, y); // same numbers, other padding: still an order
    }

    /// <summary>The digits from <paramref name="position"/> on, without leading zeros.</summary>
    static ReadOnlySpan<char> TakeNumber(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position])) position++;
        return text.AsSpan(start, position - start).TrimStart('0');
    }
}
