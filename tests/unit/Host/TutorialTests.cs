using System.Reflection;
using System.Text.RegularExpressions;
using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

/// <summary>The tutorial is true: each line of its blocks runs without an error, in the order of the page.</summary>
public sealed partial class TutorialTests
{
    static readonly string s_page = Path.Combine(
        typeof(TutorialTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "docs", "tutorial-environments.md");

    [Fact]
    public void Every_block_of_the_page_runs()
    {
        using var session = new HostSession();
        string[] lines = [.. Block().Matches(File.ReadAllText(s_page)).SelectMany(m => m.Groups[1].Value.Split('\n'))];
        Assert.True(lines.Length > 8, "The page has lost its blocks.");
        foreach (string line in lines)
        {
            HostResult result = session.Invoke(line);
            Assert.True(result.Errors.Count == 0, $"{line}: {string.Join("; ", result.Errors)}");
        }
    }

    [GeneratedRegex(@"^```powershell\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
