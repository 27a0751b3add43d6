using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace WaltG5k.HelpBuilder;

/// <summary>Writes cmdlet pages as MAML, the format that Get-Help reads.</summary>
static class MamlWriter
{
    static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";
    static readonly XNamespace s_root = "http://msh";

    public static string Write(IEnumerable<CmdletPage> pages)
    {
        var document = new XDocument(new XElement(s_root + "helpItems", new XAttribute("schema", "maml"), pages.Select(Command)));
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
            document.Save(writer);
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{text}\n";
    }

    static XElement Command(CmdletPage page)
    {
        string[] words = page.Name.Split('-', 2);
        return new XElement(s_command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", s_maml), new XAttribute(XNamespace.Xmlns + "command", s_command),
            new XAttribute(XNamespace.Xmlns + "dev", s_dev),
            new XElement(s_command + "details",
                new XElement(s_command + "name", page.Name),
                new XElement(s_command + "verb", words[0]),
                new XElement(s_command + "noun", words[1]),
                new XElement(s_maml + "description", Paragraphs([page.Synopsis]))),
            new XElement(s_maml + "description", Paragraphs(page.Description)),
            new XElement(s_command + "syntax", page.Sets.Select(set => SyntaxItem(page, set))),
            new XElement(s_command + "parameters", page.Parameters.Select(p => Parameter(p, isSyntax: false))),
            new XElement(s_command + "inputTypes", page.Inputs.Select(t => TypeItem(s_command + "inputType", t))),
            new XElement(s_command + "returnValues", page.Outputs.Select(t => TypeItem(s_command + "returnValue", t))),
            new XElement(s_maml + "alertSet", new XElement(s_maml + "alert", Paragraphs(page.Notes))),
            new XElement(s_command + "examples", page.Examples.Select(Example)),
            new XElement(s_command + "relatedLinks", page.Links.Select(Link)));
    }

    static XElement SyntaxItem(CmdletPage page, string set) => new(s_command + "syntaxItem",
        new XElement(s_maml + "name", page.Name),
        page.Parameters.Where(p => p.IsIn(set)).OrderBy(p => p.Position == "named"
        ? int.MaxValue
        : int.Parse(p.Position, System.Globalization.CultureInfo.InvariantCulture))
            .Select(p => Parameter(p, isSyntax: true)));

    static XElement Parameter(HelpParameter parameter, bool isSyntax)
    {
        var element = new XElement(s_command + "parameter",
            new XAttribute("required", parameter.IsRequired ? "true" : "false"),
            new XAttribute("variableLength", "true"),
            new XAttribute("globbing", parameter.AcceptsWildcards ? "true" : "false"),
            new XAttribute("pipelineInput", parameter.PipelineInput),
            new XAttribute("position", parameter.Position),
            new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
            new XElement(s_maml + "name", parameter.Name),
            new XElement(s_maml + "description", Paragraphs(parameter.Description)));
        if (isSyntax && parameter.AcceptedValues.Count > 0)
            element.Add(new XElement(s_command + "parameterValueGroup",
                parameter.AcceptedValues.Select(v => new XElement(s_command + "parameterValue", new XAttribute("required", "false"),
                new XAttribute("variableLength", "false"), v))));
        if (!isSyntax || !parameter.IsSwitch)
            element.Add(new XElement(s_command + "parameterValue", new XAttribute("required", parameter.IsSwitch ? "false" : "true"),
                new XAttribute("variableLength", "false"), parameter.Type));
        element.Add(
            new XElement(s_dev + "type", new XElement(s_maml + "name", parameter.Type), new XElement(s_maml + "uri")),
            new XElement(s_dev + "defaultValue", parameter.DefaultValue));
        return element;
    }

    static XElement TypeItem(XName name, HelpType type) => new(name,
        new XElement(s_dev + "type", new XElement(s_maml + "name", type.Name)),
        new XElement(s_maml + "description", Paragraphs(type.Description)));

    static XElement Example(HelpExample example) => new(s_command + "example",
        new XElement(s_maml + "title", $"--- {example.Title} ---"),
        new XElement(s_dev + "code", example.Code),
        new XElement(s_dev + "remarks", Paragraphs(example.Remarks)));

    static XElement Link((string Text, string Address) link) => new(s_maml + "navigationLink",
        new XElement(s_maml + "linkText", link.Text),
        new XElement(s_maml + "uri", link.Address.StartsWith("http", StringComparison.Ordinal) ? link.Address : ""));

    static IEnumerable<XElement> Paragraphs(IEnumerable<string> texts) => texts.Select(t => new XElement(s_maml + "para", t));
}
