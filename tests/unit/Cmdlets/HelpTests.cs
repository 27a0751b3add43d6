using System.Reflection;
using WaltG5k.HelpBuilder;
using WaltG5k.Testbed.Faults;

namespace WaltG5k.Tests.Cmdlets;

public class HelpTests
{
    static readonly string s_root = typeof(HelpTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;
    static readonly string s_pages = Path.Combine(s_root, "docs", "help");

    public static TheoryData<string> GeneratedFiles => [.. HelpFiles.Build(s_pages).Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(GeneratedFiles))]
    public void The_committed_help_is_that_of_the_pages(string name) =>
        Assert.Equal(HelpFiles.Build(s_pages).Single(f => f.Name == name).Text, File.ReadAllText(Path.Combine(s_root, "module", "en-US", name)));

    [Fact]
    public void No_help_file_is_left_over() =>
        Assert.Equal(
            HelpFiles.Build(s_pages).Select(f => f.Name).Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(s_root, "module", "en-US")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));

    [Fact]
    public void The_topic_of_the_testbed_names_every_fault()
    {
        string topic = File.ReadAllText(Path.Combine(s_pages, "about_WaltG5k_Testbed.md"));
        Assert.All(typeof(FaultNames).GetFields().Select(f => (string)f.GetValue(null)!),
            name => Assert.Contains($"- `{name}", topic, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Get-Other.md", "# Get-It\n", "about Get-It")]
    [InlineData("Get-It.md", "Some text\n", "does not begin")]
    [InlineData("Get-It.md", "# Get-It\n## SYNOPSIS\nGets it.\n", "no section")]
    public void A_page_without_the_layout_is_refused(string file, string text, string reason)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, file), text);
            Assert.Contains(reason, Assert.Throws<HelpFormatException>(() => HelpFiles.Build(folder.FullName).ToList()).Message,
                StringComparison.Ordinal);
        }
        finally { folder.Delete(recursive: true); }
    }
}
