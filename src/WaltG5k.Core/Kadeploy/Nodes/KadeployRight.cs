namespace WaltG5k.Core.Kadeploy;

/// <summary>A user may deploy on some partitions of a node.</summary>
/// <param name="Partitions"><c>*</c>: all of them.</param>
public sealed record KadeployRight(string User, string Node, string Partitions)
{
    public override string ToString() => $"{User} on {Node}";

    /// <summary>Reads <c>karights3 -l</c>: three columns under a heading, which may be ruled off.</summary>
    internal static IEnumerable<KadeployRight> ReadAll(string output)
    {
        foreach (string line in output.Split('\n'))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 3 || words[0] is "User" || words[0][0] is '#' or '-' or '='
                || !words[1].Contains('.', StringComparison.Ordinal) && words[1] != "*") continue;
            yield return new KadeployRight(words[0], words[1], string.Join(',', words.Skip(2).Select(w => w.Trim(',')).Where(w => w.Length > 0)));
        }
    }
}
