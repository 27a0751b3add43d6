namespace WaltG5k.HelpBuilder;

/// <summary>The help files of the module, made of its Markdown pages.</summary>
public static class HelpFiles
{
    /// <summary>Where PowerShell looks for the help of the cmdlets: named after their assembly.</summary>
    public const string CmdletHelp = "WaltG5k.Cmdlets.dll-Help.xml";

    /// <summary>Name and text of each file. The same pages give the same text, byte for byte.</summary>
    /// <exception cref="HelpFormatException">A page does not have the layout that this tool reads.</exception>
    public static IEnumerable<(string Name, string Text)> Build(string folder)
    {
        string[] files = [.. Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal)];
        CmdletPage[] pages = [.. files.Where(f => !IsTopic(f)).Select(f => CmdletPageReader.Read(Path.GetFileName(f), File.ReadAllText(f)))];
        yield return (CmdletHelp, MamlWriter.Write(pages));
        foreach (string topic in files.Where(IsTopic))
            yield return ($"{Path.GetFileNameWithoutExtension(topic)}.help.txt", TopicWriter.Write(File.ReadAllText(topic)));
    }

    static bool IsTopic(string file) => Path.GetFileName(file).StartsWith("about_", StringComparison.Ordinal);
}

/// <summary>A help page that cannot be read.</summary>
public sealed class HelpFormatException(string message) : Exception(message);
