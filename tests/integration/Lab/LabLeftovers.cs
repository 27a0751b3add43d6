using System.Globalization;

namespace WaltG5k.IntegrationTests.Lab;

/// <summary>
/// The folders of laboratories carry the process they belong to in their names, so that the next run can tell what a killed one has left: a number
/// alone would not do, it is given again.
/// </summary>
static class LabLeftovers
{
    const string Prefix = "waltg5k-lab-";

    public static string NewFolder() =>
        Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture,
        $"{Prefix}{Environment.ProcessId}-{GetStart(Environment.ProcessId)}"));

    public static async Task RemoveAsync()
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            string[] parts = Path.GetFileName(folder)[Prefix.Length..].Split('-');
            if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id) && GetStart(id) != parts[1])
                await LabScript.RunAsync("down", folder);
        }
    }

    /// <summary>When the process began, in the kernel's own unit; null when there is none.</summary>
    static string? GetStart(int processId)
    {
        try
        {
            string line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            return line[(line.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
