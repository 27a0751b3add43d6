using System.Text.Json;
using System.Text.Json.Serialization;
using WaltG5k.Core;
using WaltG5k.Core.Storage;

namespace WaltG5k.Lab.Processes;

/// <summary>Something that a lab has started.</summary>
/// <param name="Kind"><c>namespace</c> (network, mounts and processes), <c>program</c> or <c>tap</c>.</param>
/// <param name="Name">Such as <c>server</c>, <c>nfs</c>, <c>lab-1</c>.</param>
/// <param name="Process">What to end; null where it goes with its namespace.</param>
public sealed record LabPart(string Kind, string Name, ProcessStamp? Process);

/// <summary>What exists of a lab, written before or as it comes to be, so that whoever stops it later finds everything.</summary>
sealed record LabRecord(int Version, ProcessStamp Owner, DateTimeOffset Started, int NodeCount, IReadOnlyList<LabPart> Parts)
{
    public const int CurrentVersion = 1;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(LabRecord))]
sealed partial class LabRecordJson : JsonSerializerContext;

/// <summary>The file that tells what a lab has started. May be used by several threads.</summary>
sealed class LabState
{
    readonly Lock _lock = new();
    readonly string _file;
    LabRecord _record;

    LabState(string file, LabRecord record) => (_file, _record) = (file, record);

    public static LabState Create(LabFolder folder, int nodeCount, DateTimeOffset now)
    {
        LabState state = new(folder.StateFile, new LabRecord(LabRecord.CurrentVersion, ProcessStamp.Own, now, nodeCount, []));
        state.Write();
        return state;
    }

    /// <summary>What was written down; null where no lab is known.</summary>
    /// <exception cref="G5kException"><c>LabStateCorrupt</c>.</exception>
    public static LabRecord? Read(LabFolder folder)
    {
        if (!File.Exists(folder.StateFile)) return null;
        try
        {
            LabRecord? record = JsonSerializer.Deserialize(File.ReadAllText(folder.StateFile), LabRecordJson.Default.LabRecord);
            return record is { Version: LabRecord.CurrentVersion, Owner: not null, Parts: not null }
                ? record
                : throw LabErrors.StateCorrupt(folder.StateFile, null);
        }
        catch (JsonException e)
        {
            throw LabErrors.StateCorrupt(folder.StateFile, e);
        }
    }

    public void Add(LabPart part)
    {
        lock (_lock)
        {
            _record = _record with { Parts = [.. _record.Parts.Where(p => (p.Kind, p.Name) != (part.Kind, part.Name)), part] };
            Write();
        }
    }

    public void Remove(string kind, string name)
    {
        lock (_lock)
        {
            _record = _record with { Parts = [.. _record.Parts.Where(p => (p.Kind, p.Name) != (kind, name))] };
            Write();
        }
    }

    void Write() => AtomicFile.Write(_file, JsonSerializer.Serialize(_record, LabRecordJson.Default.LabRecord));
}
