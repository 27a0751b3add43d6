using System.Text.Json;
using System.Text.Json.Serialization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Storage;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>What is known of a machine on disk. It is written before anything is made of it, so that nothing is forgotten by a crash.</summary>
sealed record VMRecord
{
    public required string Name { get; init; }
    public required string Site { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public int Cpu { get; init; }
    public int Memory { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public string Image { get; init; } = "";
    /// <summary>Size and date of the image file when the disk was laid over it; null: it may change.</summary>
    public string? ImageMark { get; init; }
    /// <summary>Whether the image was protected against writing for the sake of this disk.</summary>
    public bool ProtectsImage { get; init; }
    public DiskStrategy Strategy { get; init; }
    public long DiskSize { get; init; }
    /// <summary>Where the disk is; the image itself where the machine has none of its own.</summary>
    public string Disk { get; init; } = "";
    /// <summary>The words that remove it; empty: nothing of its own.</summary>
    public IReadOnlyList<string> Removal { get; init; } = [];
    public VMNetwork Network { get; init; }
    public IReadOnlyList<int> Ports { get; init; } = [];
    public string? Ip { get; init; }
    public string? Mac { get; init; }
    /// <summary>The job that holds its subnet.</summary>
    public long? NetworkJob { get; init; }
    /// <summary>On the front-end; empty: not made yet.</summary>
    public string Folder { get; init; } = "";
    public required VMJobShape Job { get; init; }
    /// <summary>The last job; null: it never had one.</summary>
    public long? JobId { get; init; }
    /// <summary>True from before oarsub until it has answered.</summary>
    public bool Submitting { get; init; }
    /// <summary>Its removal was begun.</summary>
    public bool Removing { get; init; }
    /// <summary>Who asked for the end of its last job: then it is stopped, whatever OAR says.</summary>
    public bool StopAsked { get; init; }
    public VMScriptSettings Script { get; init; } = new();

    /// <summary>The name of its jobs.</summary>
    public string JobName => $"vm-{Name}";
}

/// <summary>How its job is asked for, the next time as well.</summary>
sealed record VMJobShape(string Resources, string Walltime)
{
    public IReadOnlyList<string> Alternatives { get; init; } = [];
    public IReadOnlyList<string> Types { get; init; } = [];
    public string? Queue { get; init; }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VMRecord))]
sealed partial class VMRecordJson : JsonSerializerContext;

/// <summary>The files of <c>~/.walt-g5k/vms</c>.</summary>
sealed class VMRecords(IGrid grid)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30), s_pause = TimeSpan.FromMilliseconds(200);
    readonly string _folder = Path.Combine(grid.HomeDirectory, ".walt-g5k", "vms");

    public static string ToText(VMRecord record) => JsonSerializer.Serialize(record, VMRecordJson.Default.VMRecord);

    public static VMRecord? FromText(string text)
    {
        try { return JsonSerializer.Deserialize(text, VMRecordJson.Default.VMRecord); }
        catch (JsonException) { return null; }
    }

    public VMRecord Write(VMRecord record)
    {
        AtomicFile.Write(PathOf(record.Name), ToText(record));
        return record;
    }

    /// <summary>Takes a name that nobody has; false: it is somebody's.</summary>
    public async Task<bool> TryAddAsync(VMRecord record, CancellationToken cancellationToken)
    {
        using FileLock all = await LockAsync("names", s_patience, cancellationToken).ConfigureAwait(false);
        if (File.Exists(PathOf(record.Name))) return false;
        Write(record);
        return true;
    }

    public void Remove(string name)
    {
        AtomicFile.Delete(PathOf(name));
        AtomicFile.Delete(Path.Combine(_folder, name + ".lock"));
    }

    public VMRecord? Find(string name) => Read(PathOf(name));

    public IReadOnlyList<VMRecord> ReadAll() =>
        !Directory.Exists(_folder) ? [] : [.. Directory.EnumerateFiles(_folder, "*.json").Order(Text.NaturalComparer.Instance).Select(Read)
        .OfType<VMRecord>()];

    /// <summary>Like <see cref="TryLock"/>, and waits for whoever has it.</summary>
    /// <exception cref="G5kException"><c>VMBusy</c>: longer than <paramref name="patience"/>.</exception>
    public async Task<FileLock> LockAsync(string name, TimeSpan patience, CancellationToken cancellationToken)
    {
        long start = grid.Time.GetTimestamp();
        while (true)
        {
            if (TryLock(name) is { } mine) return mine;
            if (grid.Time.GetElapsedTime(start) > patience) throw VMErrors.Busy(name);
            await Task.Delay(s_pause, grid.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The right to change one machine, or what all share; null while another process has it.</summary>
    public FileLock? TryLock(string name)
    {
        AtomicFile.CreateFolder(_folder);
        return FileLock.TryTake(Path.Combine(_folder, name + ".lock"));
    }

    static VMRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), VMRecordJson.Default.VMRecord);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { return null; }
        catch (JsonException e) { throw VMErrors.RecordCorrupt(path, e); }
    }

    string PathOf(string name) => Path.Combine(_folder, name + ".json");
}
