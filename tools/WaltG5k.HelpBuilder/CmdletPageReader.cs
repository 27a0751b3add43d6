using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace WaltG5k.HelpBuilder;

/// <summary>Reads a page in the layout of PlatyPS: second-level headings are sections, third-level ones their parts.</summary>
static class CmdletPageReader
{
    static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter().Build();

    public static CmdletPage Read(string file, string markdown)
    {
        MarkdownDocument document = Markdown.Parse(markdown, s_pipeline);
        Block[] blocks = [.. document.Where(b => b is not YamlFrontMatterBlock)];
        if (blocks.FirstOrDefault() is not HeadingBlock { Level: 1 } title)
            throw new HelpFormatException($"{file}: it does not begin with the name of the cmdlet.");
        string name = MarkdownText.Plain(title.Inline);
        if ($"{name}.md" != file) throw new HelpFormatException($"{file}: the page is about {name}.");
        Dictionary<string, Part> sections = Split(blocks.Skip(1), 2).ToDictionary(p => p.Title);
        Part Section(string section) => sections.GetValueOrDefault(section)
            ?? throw new HelpFormatException($"{file}: there is no section {section}.");
        return new CmdletPage(name)
        {
            Synopsis = string.Join(' ', MarkdownText.Paragraphs(Section("SYNOPSIS").Blocks)),
            Sets = [.. Split(Section("SYNTAX").Blocks, 3).Select(p => p.Title.Replace(" (Default)", "", StringComparison.Ordinal))],
            Description = MarkdownText.Paragraphs(Section("DESCRIPTION").Blocks),
            Examples = [.. Split(Section("EXAMPLES").Blocks, 3).Select(p => ToExample(file, p))],
            Parameters = [.. Split(Section("PARAMETERS").Blocks, 3).Where(p => p.Title != "CommonParameters").Select(p => ToParameter(file, p))],
            Inputs = [.. Split(Section("INPUTS").Blocks, 3).Select(ToType)],
            Outputs = [.. Split(Section("OUTPUTS").Blocks, 3).Select(ToType)],
            Notes = MarkdownText.Paragraphs(Section("NOTES").Blocks),
            Links = [.. MarkdownText.Links(Section("RELATED LINKS").Blocks)],
        };
    }

    static HelpExample ToExample(string file, Part part)
    {
        FencedCodeBlock code = part.Blocks.OfType<FencedCodeBlock>().FirstOrDefault()
            ?? throw new HelpFormatException($"{file}: the example '{part.Title}' has no code.");
        return new HelpExample(part.Title, MarkdownText.Code(code), MarkdownText.Paragraphs(part.Blocks.Where(b => b != code)));
    }

    static HelpType ToType(Part part) => new(part.Title, MarkdownText.Paragraphs(part.Blocks));

    static HelpParameter ToParameter(string file, Part part)
    {
        FencedCodeBlock facts = part.Blocks.OfType<FencedCodeBlock>().LastOrDefault(b => b.Info == "yaml")
            ?? throw new HelpFormatException($"{file}: {part.Title} has no facts.");
        Dictionary<string, string> values = MarkdownText.Code(facts).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(':', 2, StringSplitOptions.TrimEntries)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1]);
        string Fact(string key) => values.GetValueOrDefault(key) ?? throw new HelpFormatException($"{file}: {part.Title} does not say '{key}'.");
        return new HelpParameter(part.Title.TrimStart('-'))
        {
            Description = MarkdownText.Paragraphs(part.Blocks.Where(b => b != facts)),
            Type = Fact("Type"),
            Sets = Fact("Parameter Sets") == "(All)" ? [] : List(Fact("Parameter Sets")),
            Aliases = List(Fact("Aliases")),
            AcceptedValues = List(values.GetValueOrDefault("Accepted values", "")),
            IsRequired = Fact("Required") == "True",
            Position = Fact("Position").ToLowerInvariant(),
            DefaultValue = Fact("Default value"),
            PipelineInput = Fact("Accept pipeline input") is var input && input.StartsWith("True", StringComparison.Ordinal)
            ? $"true{input[4..]}"
            : "false",
            AcceptsWildcards = Fact("Accept wildcard characters") == "True",
        };
    }

    static string[] List(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The parts under the headings of a level; what comes before the first heading belongs to none.</summary>
    static IEnumerable<Part> Split(IEnumerable<Block> blocks, int level)
    {
        Part? part = null;
        foreach (Block block in blocks)
        {
            if (block is HeadingBlock heading && heading.Level == level)
            {
                if (part is not null) yield return part;
                part = new Part(MarkdownText.Plain(heading.Inline), []);
            }
            else part?.Blocks.Add(block);
        }
        if (part is not null) yield return part;
    }

    sealed record Part(string Title, List<Block> Blocks);
}
