using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Walt;

/// <summary>The boots of this user's nodes: <c>~/.walt-g5k/boots/YYYY-MM.jsonl</c>, one line each.</summary>
public sealed class BootHistory(IGrid grid)
{
    /// <summary>Other processes hold the file for the time of a write: they are waited for in real time, whatever the clock of the grid.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5), s_pause = TimeSpan.FromMilliseconds(20);

    readonly string _folder = Path.Combine(grid.HomeDirectory, ".walt-g5k", "boots");

    /// <exception cref="G5kException"><c>FileNotWritten</c>.</exception>
    public async Task AppendAsync(WaltBootRecord record, CancellationToken cancellationToken = default)
    {
        AtomicFile.CreateFolder(_folder);
        string path = Path.Combine(_folder, record.Date.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture) + ".jsonl");
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, BootHistoryJson.Default.WaltBootRecord), (byte)'\n'];
        using FileLock one = await TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using FileStream stream = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.NotWritten(path, e); }
    }

    /// <summary>All boots since a date, the oldest first. Lines that cannot be read are left out.</summary>
    /// <exception cref="G5kException"><c>HistoryNotRead</c>.</exception>
    public IEnumerable<WaltBootRecord> Read(DateTimeOffset since)
    {
        if (!Directory.Exists(_folder)) yield break;
        string firstMonth = since.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        foreach (string path in Directory.EnumerateFiles(_folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            if (string.CompareOrdinal(Path.GetFileNameWithoutExtension(path), firstMonth) < 0) continue;
            foreach (string line in ReadLines(path))
                if (Parse(line) is { } record && record.Date >= since) yield return record;
        }
    }

    async Task<FileLock> TakeAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(_folder, ".lock");
        for (TimeSpan waited = TimeSpan.Zero; ; waited += s_pause)
        {
            if (FileLock.TryTake(path) is { } taken) return taken;
            if (waited >= s_patience) throw AtomicFile.NotWritten(_folder, new IOException("another process holds it"));
            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
        }
    }

    static string[] ReadLines(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(stream, Encoding.UTF8);
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new G5kException("HistoryNotRead", ErrorKind.ReadError, $"The history of boots {path} could not be read: {e.Message}", path,
                "Check the permissions of the file.", e);
        }
    }

    /// <summary>A line that a crash cut off, or that a later version wrote, hides no other.</summary>
    static WaltBootRecord? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, BootHistoryJson.Default.WaltBootRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(WaltBootRecord))]
sealed partial class BootHistoryJson : JsonSerializerContext;
