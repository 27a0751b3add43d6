namespace WaltG5k.Host.Engine;

/// <summary>How many letters have to be added, left out or changed to make one word of another, without regard to case.</summary>
static class EditDistance
{
    public static int Between(string first, string second)
    {
        int[] row = [.. Enumerable.Range(0, second.Length + 1)];
        for (int i = 1; i <= first.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int same = char.ToUpperInvariant(first[i - 1]) == char.ToUpperInvariant(second[j - 1]) ? 0 : 1;
                (row[j], diagonal) = (Math.Min(diagonal + same, 1 + Math.Min(row[j], row[j - 1])), row[j]);
            }
        }
        return row[^1];
    }
}
