namespace WaltG5k.Host.Commands;

/// <summary>The filters that the host brings itself, by name and alias as in PowerShell.</summary>
static class BuiltInCommands
{
    public static IReadOnlyDictionary<string, Type> Types { get; } = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase)
    {
        ["Select-Object"] = typeof(SelectObjectCommand),
        ["select"] = typeof(SelectObjectCommand),
        ["Where-Object"] = typeof(WhereObjectCommand),
        ["where"] = typeof(WhereObjectCommand),
        ["?"] = typeof(WhereObjectCommand),
        ["Sort-Object"] = typeof(SortObjectCommand),
        ["sort"] = typeof(SortObjectCommand),
        ["Measure-Object"] = typeof(MeasureObjectCommand),
        ["measure"] = typeof(MeasureObjectCommand),
        ["Format-Table"] = typeof(FormatTableCommand),
        ["ft"] = typeof(FormatTableCommand),
        ["Format-List"] = typeof(FormatListCommand),
        ["fl"] = typeof(FormatListCommand),
        ["ConvertTo-Json"] = typeof(ConvertToJsonCommand),
        ["ConvertTo-Csv"] = typeof(ConvertToCsvCommand),
        ["Out-Null"] = typeof(OutNullCommand),
    };
}
