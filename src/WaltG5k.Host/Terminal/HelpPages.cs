namespace WaltG5k.Host.Terminal;

/// <summary>The help pages, which lie beside the executable.</summary>
static class HelpPages
{
    /// <summary>The page without its header; null when there is none.</summary>
    public static string? Find(string command)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "help", $"{command}.md");
        if (!File.Exists(file)) return null;
        string text = File.ReadAllText(file);
        int end = text.StartsWith("---", StringComparison.Ordinal) ? text.IndexOf("\n---", 3, StringComparison.Ordinal) : -1;
        return end < 0 ? text : text[(end + 4)..].TrimStart();
    }
}
