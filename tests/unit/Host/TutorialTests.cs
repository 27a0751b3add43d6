using System.Reflection;
using System.Text.RegularExpressions;
using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

/// <summary>The tutorials are true: each line of their blocks runs without an error, in the order of the page.</summary>
public sealed partial class TutorialTests
{
    static readonly string s_folder = Path.Combine(typeof(TutorialTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!, "docs");

    [Theory]
    [InlineData("tutorial-environments.md")]
    [InlineData("tutorial-virtual-machines.md")]
    public void Every_block_of_the_page_runs(string page)
    {
        using var session = new HostSession();
        string[] lines = [.. Block().Matches(File.ReadAllText(Path.Combine(s_folder, page))).SelectMany(m => m.Groups[1].Value.Split('\n'))];
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
