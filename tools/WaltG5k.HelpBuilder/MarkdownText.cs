using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace WaltG5k.HelpBuilder;

/// <summary>Markdown as the plain text that a terminal shows.</summary>
static class MarkdownText
{
    /// <summary>One string per paragraph, list item or code block.</summary>
    public static IReadOnlyList<string> Paragraphs(IEnumerable<Block> blocks) => [.. blocks.SelectMany(Lines).Where(t => t.Length > 0)];

    static IEnumerable<string> Lines(Block block) => block switch
    {
        ParagraphBlock paragraph => [Plain(paragraph.Inline)],
        ListBlock list => list.OfType<ListItemBlock>()
        .Select((item, i) => $"{(list.IsOrdered ? $"{i + 1}." : "-")} {string.Join('\n', item.SelectMany(Lines))}"),
        CodeBlock code => [string.Join('\n', Code(code).Split('\n').Select(l => $"    {l}"))],
        _ => [],
    };

    public static string Code(LeafBlock block) => block.Lines.ToString().Replace("\r", "", StringComparison.Ordinal).TrimEnd();

    public static string Plain(ContainerInline? inline)
    {
        var text = new StringBuilder();
        Append(inline, text);
        return text.ToString().Trim();
    }

    public static IEnumerable<(string Text, string Address)> Links(IEnumerable<Block> blocks) =>
        blocks.SelectMany(b => b.Descendants<LinkInline>()).Select(l => (Plain(l), l.Url ?? ""));

    static void Append(Inline? inline, StringBuilder text)
    {
        switch (inline)
        {
            case LiteralInline literal: text.Append(literal.Content); break;
            case CodeInline code: text.Append(code.Content); break;
            case LineBreakInline: text.Append(' '); break;
            case HtmlEntityInline entity: text.Append(entity.Transcoded); break;
            case AutolinkInline link: text.Append(link.Url); break;
            case ContainerInline container:
                foreach (Inline child in container) Append(child, text);
                break;
        }
    }
}
