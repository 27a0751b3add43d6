using WaltG5k.Core.Storage;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>Topologies in files.</summary>
public static class TopologyFile
{
    /// <summary>Ten thousand machines are some megabytes; what is larger is something else.</summary>
    const long MaximumSize = 64 << 20;

    /// <exception cref="G5kException"><c>TopologyNotRead</c>: no such file, no permission, too large.</exception>
    public static async Task<TopologyReading> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            if (Directory.Exists(path)) throw NotRead(path, "it is a folder", null);
            if (new FileInfo(path) is { Exists: true, Length: > MaximumSize }) throw NotRead(path, "it is larger than any topology", null);
            string text = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
            return TopologyText.Read(text, TopologyText.FormatOf(path) ?? TopologyText.Guess(text), path);
        }
        catch (FileNotFoundException e) { throw NotRead(path, "there is no such file", e, ErrorKind.ObjectNotFound); }
        catch (DirectoryNotFoundException e) { throw NotRead(path, "there is no such folder", e, ErrorKind.ObjectNotFound); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw NotRead(path, e.Message, e); }
    }

    /// <summary>Writes whole or not at all.</summary>
    /// <exception cref="G5kException"><c>FileNotWritten</c>.</exception>
    public static void Write(string path, VMTopology topology, TopologyFormat format) => AtomicFile.Write(path, TopologyText.Write(topology, format));

    static G5kException NotRead(string path, string why, Exception? inner, ErrorKind kind = ErrorKind.ReadError) =>
        new("TopologyNotRead", kind, $"{path} was not read: {why}.", path, $"Look what is there: Get-ChildItem '{Path.GetDirectoryName(path)}'",
        inner);
}
