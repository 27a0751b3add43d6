using System.Globalization;
using System.Text.Json.Serialization;
using WaltG5k.Core.Frontends.Processes;
using WaltG5k.Lab.Network;

namespace WaltG5k.Lab.Processes;

/// <summary>A process that is known again: numbers of processes are used anew, numbers with their start are not.</summary>
/// <param name="Id">As the machine's own process namespace counts.</param>
/// <param name="Started">In ticks since the machine's start (field 22 of <c>/proc/PID/stat</c>).</param>
public sealed record ProcessStamp(int Id, long Started)
{
    const int StateField = 0, ParentField = 1, StartField = 19;

    [JsonIgnore]
    public bool IsAlive => Find(Id) is { } now && now.Started == Started;

    public static ProcessStamp Own { get; } = Find(Environment.ProcessId) ?? new ProcessStamp(Environment.ProcessId, 0);

    /// <summary>The process of that number; null where there is none, or only what is left of one that has ended.</summary>
    public static ProcessStamp? Find(int id) =>
        ReadFields(id) is { } fields && fields[StateField] is not ("Z" or "X")
        ? new ProcessStamp(id, long.Parse(fields[StartField], CultureInfo.InvariantCulture))
        : null;

    /// <summary>The children of a process.</summary>
    public static IReadOnlyList<ProcessStamp> FindChildren(int parent)
    {
        string number = parent.ToString(CultureInfo.InvariantCulture);
        return [.. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0 && ReadFields(id) is { } fields && fields[ParentField] == number).Select(Find).OfType<ProcessStamp>()];
    }

    /// <summary>Ends it at once, if it still is the same.</summary>
    public void Kill()
    {
        if (IsAlive) _ = LibC.SendSignal(Id, Signals.Kill);
    }

    public override string ToString() => Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>What follows the name, which may hold blanks and brackets itself.</summary>
    static string[]? ReadFields(int id)
    {
        try
        {
            string stat = File.ReadAllText(FormattableString.Invariant($"/proc/{id}/stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return fields.Length > StartField ? fields : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
