using System.Text;
using System.Text.Json;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Deployments.Journal;

/// <summary>
/// The append-only file that a deployment is: JSON lines, each synced to disk before what it announces is done. Only the process that holds the
/// <see cref="DriverLock"/> appends, several threads at once.
/// </summary>
sealed class DeploymentJournal : IDisposable
{
    public const int Format = 1;
    const string FileName = "journal.jsonl";

    readonly FileStream _stream;
    readonly TimeProvider _time;
    readonly Lock _lock = new();

    DeploymentJournal(FileStream stream, TimeProvider time)
    {
        _stream = stream;
        _time = time;
    }

    /// <summary>Called before each line is written; a test stops the world there.</summary>
    public Action<JournalEntry>? BeforeAppend { get; init; }

    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>Opens for appending; cuts off a last line that a crash left unfinished.</summary>
    public static DeploymentJournal Open(string folder, TimeProvider time, Action<JournalEntry>? beforeAppend = null)
    {
        string path = PathIn(folder);
        try
        {
            AtomicFile.CreateFolder(folder);
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            stream.SetLength(LengthOfWholeLines(stream));
            stream.Seek(0, SeekOrigin.End);
            return new DeploymentJournal(stream, time) { BeforeAppend = beforeAppend };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.NotWritten(path, e); }
    }

    public void Append(JournalEntry entry)
    {
        BeforeAppend?.Invoke(entry);
        lock (_lock)
        {
            byte[] line = JsonSerializer.SerializeToUtf8Bytes(entry with { At = _time.GetUtcNow() }, JournalJson.Default.JournalEntry);
            try
            {
                _stream.Write([.. line, (byte)'\n']);
                _stream.Flush(flushToDisk: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.NotWritten(_stream.Name, e); }
        }
    }

    /// <summary>All whole lines of a journal.</summary>
    /// <exception cref="G5kException"><c>DeploymentNotFound</c> or <c>JournalCorrupt</c>.</exception>
    public static IReadOnlyList<JournalEntry> Read(string folder, DeploymentNouns? nouns = null)
    {
        string path = PathIn(folder);
        string id = Path.GetFileName(folder);
        string text;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            text = reader.ReadToEnd();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new G5kException("DeploymentNotFound", ErrorKind.ObjectNotFound, $"There is no deployment '{id}'.", id,
                $"Run: {(nouns ?? DeploymentNouns.Walt).Get} -All", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new G5kException("JournalNotRead", ErrorKind.ReadError, $"The journal {path} could not be read: {e.Message}", id,
                "Check the permissions of the file.", e);
        }
        string[] lines = text.Split('\n');
        var entries = new List<JournalEntry>(lines.Length);
        for (int i = 0; i < lines.Length - 1; i++)   // what follows the last line end is unfinished, or nothing
        {
            try
            {
                entries.Add(JsonSerializer.Deserialize(lines[i], JournalJson.Default.JournalEntry) ?? throw new JsonException("null"));
            }
            catch (Exception e) when (e is JsonException or G5kException or FormatException)
            {
                throw Corrupt(path, id, $"line {i + 1}: {e.Message}", e);
            }
        }
        if (entries.Count == 0 || entries[0].Created is not { Format: Format })
            throw Corrupt(path, id, "it does not begin as a journal of this version does", null);
        return entries;
    }

    static G5kException Corrupt(string path, string id, string what, Exception? cause) => new("JournalCorrupt", ErrorKind.InvalidData,
        $"The journal of the deployment '{id}' cannot be understood ({what}).", id,
        $"Its jobs may still run: look with oarstat -u and delete them with oardel, then remove the folder {Path.GetDirectoryName(path)}.", cause);

    static long LengthOfWholeLines(FileStream stream)
    {
        for (long end = stream.Length; end > 0; end--)
        {
            stream.Position = end - 1;
            if (stream.ReadByte() == '\n') return end;
        }
        return 0;
    }

    public void Dispose() => _stream.Dispose();
}
