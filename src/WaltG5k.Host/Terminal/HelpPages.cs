namespace WaltG5k.Host.Terminal;

/// <summary>The help pages, where they lie beside the executable or in the tree it was built from.</summary>
static class HelpPages
{
    static readonly string[] s_folders = ["help", "docs/help", "../../docs/help"];

    /// <summary>The page without its header; null when there is none.</summary>
    public static string? Find(string command)
    {
        string? file = s_folders
            .Select(folder => Path.Combine(AppContext.BaseDirectory, folder, $"{command}.md")).FirstOrDefault(File.Exists);
        if (file is null) return null;
        string text = File.ReadAllText(file);
        int end = text.StartsWith("---", StringComparison.Ordinal) ? text.IndexOf("\n---", 3, StringComparison.Ordinal) : -1;
        return end < 0 ? text : text[(end + 4)..].TrimStart();
    }
}
