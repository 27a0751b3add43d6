using System.Text.Json;
using System.Text.Json.Serialization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Reservations;

/// <summary>What is known of a reservation on disk: written before anything is submitted, so that a crash leaves a trace of what may exist.</summary>
sealed record LedgerEntry
{
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? Start { get; init; }
    public string? ServerSite { get; init; }
    public VlanKind Vlan { get; init; }
    public required string Walltime { get; init; }
    public bool IsAdopted { get; init; }
    /// <summary>
    /// True from before the first oarsub until every site has answered: jobs of that name may exist that are not listed. The process that submits
    /// holds the entry's lock meanwhile; without it, the entry is what a dead process left.
    /// </summary>
    public bool Submitting { get; init; }
    public IReadOnlyList<LedgerJob> Jobs { get; init; } = [];
}

/// <param name="JobId">0 until oarsub has printed it.</param>
/// <param name="NodeCount">Asked for, the server included; 0 when that is not known.</param>
sealed record LedgerJob(string Site, long JobId, bool HoldsServer, bool HoldsVlan, int NodeCount = 0);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LedgerEntry))]
sealed partial class LedgerJson : JsonSerializerContext;

/// <summary>The files of <c>~/.walt-g5k/reservations</c>.</summary>
sealed class ReservationLedger(IGrid grid)
{
    readonly string _folder = Path.Combine(grid.HomeDirectory, ".walt-g5k", "reservations");

    public void Write(LedgerEntry entry) => AtomicFile.Write(PathOf(entry.Name), JsonSerializer.Serialize(entry, LedgerJson.Default.LedgerEntry));

    public void Remove(string name) => AtomicFile.Delete(PathOf(name));

    public LedgerEntry? Find(string name) => Read(PathOf(name));

    public IEnumerable<LedgerEntry> ReadAll() =>
        !Directory.Exists(_folder) ? [] : Directory.EnumerateFiles(_folder, "*.json").Order(StringComparer.Ordinal).Select(Read)
        .OfType<LedgerEntry>();

    static LedgerEntry? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), LedgerJson.Default.LedgerEntry);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { return null; }
        catch (JsonException e)
        {
            throw new G5kException("ReservationCorrupt", ErrorKind.InvalidData, $"The reservation file {path} is not readable: {e.Message}", path,
                $"Look for your jobs with oarstat -u, delete those that nobody needs, then remove {path}.", e);
        }
    }

    /// <summary>The right to submit jobs under that name, or null while another process does.</summary>
    public FileLock? TryLock(string name)
    {
        AtomicFile.CreateFolder(_folder);
        return FileLock.TryTake(Path.Combine(_folder, name + ".lock"));
    }

    public void RemoveLock(string name) => AtomicFile.Delete(Path.Combine(_folder, name + ".lock"));

    string PathOf(string name) => Path.Combine(_folder, name + ".json");
}
