using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace WaltG5k.Host.Formatting;

/// <summary>The views of the module's format files. They are read once, at the first object that needs a view.</summary>
sealed class FormatFiles(IEnumerable<string> paths)
{
    readonly Dictionary<(string Type, bool IsList), View> _views = [];
    bool _read;

    /// <summary>The view of the first of <paramref name="types"/> that has one.</summary>
    public View? Find(IEnumerable<string> types, bool list)
    {
        if (!_read) Read();
        foreach (string type in types)
            if (_views.TryGetValue((type, list), out View? view)) return view;
        return null;
    }

    void Read()
    {
        _read = true;
        foreach (string path in paths) Read(path);
    }

    void Read(string path)
    {
        using XmlReader reader = XmlReader.Create(path, new XmlReaderSettings { IgnoreWhitespace = true, IgnoreComments = true });
        reader.ReadToFollowing("View");
        while (reader.NodeType == XmlNodeType.Element && reader.Name == "View") Add((XElement)XNode.ReadFrom(reader));
    }

    void Add(XElement element)
    {
        View? view = element.Element("TableControl") is { } table
            ? Table(table, Group(element))
            : element.Element("ListControl") is { } list ? List(list, Group(element)) : null;
        if (view is null) return;
        foreach (XElement type in element.Elements("ViewSelectedBy").Elements("TypeName")) _views.TryAdd((type.Value, view.IsList), view);
    }

    static View Table(XElement table, Column? group)
    {
        XElement[] headers = [.. table.Elements("TableHeaders").Elements("TableColumnHeader")];
        XElement[] items = [.. table.Elements("TableRowEntries").Elements("TableRowEntry").First().Elements("TableColumnItems")
            .Elements("TableColumnItem")];
        Column[] columns = [.. items.Select((item, i) => Cell(item, i < headers.Length ? headers[i] : null))];
        return new View(false, columns, group, table.Element("AutoSize") is not null, table.Element("HideTableHeaders") is not null);
    }

    static View List(XElement list, Column? group) =>
        new(true, [.. list.Elements("ListEntries").Elements("ListEntry").First().Elements("ListItems").Elements("ListItem")
        .Select(item => Cell(item, item))], group);

    static Column? Group(XElement view) => view.Element("GroupBy") is { } group ? Cell(group, group) : null;

    static Column Cell(XElement item, XElement? header)
    {
        string? property = item.Element("PropertyName")?.Value.Trim();
        ValueSource source = property is not null ? ValueSource.Property(property) : Script(item.Element("ScriptBlock")?.Value ?? "");
        string label = header?.Element("Label")?.Value ?? property ?? "";
        int width = header?.Element("Width") is { } given ? int.Parse(given.Value, CultureInfo.InvariantCulture) : 0;
        XElement? alignment = item.Element("Alignment") ?? header?.Element("Alignment");
        return new Column(label, source, width, alignment is null ? Alignment.Left : Enum.Parse<Alignment>(alignment.Value, ignoreCase: true));
    }

    /// <summary>One cell that stays empty is better than a table that is not shown.</summary>
    static ValueSource Script(string script)
    {
        try { return ValueSource.Script(script); }
        catch (FormatException) { return ValueSource.Property(""); }
    }
}
