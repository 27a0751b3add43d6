using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>A row of the table of resources as <c>oarnodes -J</c> shows it: every column, numbers as numbers, what is absent as null.</summary>
static class ResourceDocument
{
    public static Dictionary<string, object?> Create(ResourceRow row) => ResourceColumns.All.ToDictionary(c => c.Name, c => c.Get(row));
}
