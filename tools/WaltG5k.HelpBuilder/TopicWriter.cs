using System.Text;
using Markdig;
using Markdig.Syntax;

namespace WaltG5k.HelpBuilder;

/// <summary>Writes an about topic as the plain text that Get-Help shows, wrapped at 80 columns.</summary>
static class TopicWriter
{
    const int Width = 80;
    const string Indent = "    ";

    public static string Write(string markdown)
    {
        var text = new StringBuilder();
        foreach (Block block in Markdown.Parse(markdown)) Write(block, text);
        return $"{text.ToString().TrimEnd()}\n";
    }

    static void Write(Block block, StringBuilder text)
    {
        switch (block)
        {
            case HeadingBlock { Level: 1 } heading: text.Append("TOPIC\n").Append(Indent).Append(MarkdownText.Plain(heading.Inline))
                .Append("\n\n"); break;
            case HeadingBlock heading: text.Append(MarkdownText.Plain(heading.Inline).ToUpperInvariant()).Append('\n'); break;
            case ParagraphBlock paragraph: Wrap(MarkdownText.Plain(paragraph.Inline), Indent, Indent, text); text.Append('\n'); break;
            case ListBlock list:
                foreach (ListItemBlock item in list.OfType<ListItemBlock>())
                    Wrap(string.Join(' ', MarkdownText.Paragraphs(item)), $"{Indent}- ", $"{Indent}  ", text);
                text.Append('\n');
                break;
            case CodeBlock code:
                foreach (string line in MarkdownText.Code(code).Split('\n')) text.Append($"{Indent}  {line}".TrimEnd()).Append('\n');
                text.Append('\n');
                break;
        }
    }

    static void Wrap(string paragraph, string first, string following, StringBuilder text)
    {
        string line = first;
        bool isEmpty = true;
        foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line = following;
                isEmpty = true;
            }
            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }
        text.Append(line).Append('\n');
    }
}
