using System.Formats.Tar;
using System.Text;

namespace WaltG5k.Testbed.Ssh;

/// <summary>Archives. Between programs of a pipe bytes travel as characters of the same number.</summary>
internal static partial class RemotePrograms
{
    static int Base64(RemoteRun run)
    {
        try
        {
            if (run.HasOption('d')) run.Output.Append(NodeBytes.OfUnknown(Convert.FromBase64String(run.Input)));
            else run.Output.Append(Convert.ToBase64String(NodeBytes.AreBytes(run.Input)
                ? NodeBytes.FromText(run.Input)
                : Encoding.Latin1.GetBytes(run.Input))).Append('\n');
            return 0;
        }
        catch (FormatException)
        {
            return run.Fail("invalid input");
        }
    }

    /// <summary><c>tar -c -f - -C FOLDER -- NAME</c> and <c>tar -x -f - -C FOLDER</c>.</summary>
    static int Archive(RemoteRun run)
    {
        int place = run.Arguments.ToList().IndexOf("-C");
        string folder = place >= 0 && place + 1 < run.Arguments.Count ? RemoteFiles.Absolute(run.Arguments[place + 1]) : "/root";
        if (!run.Files.IsDirectory(folder)) return run.Fail($"{folder}: Cannot open: {NoSuchFile}\ntar: Error is not recoverable: exiting now", 2);
        return run.HasOption('x') ? Extract(run, folder) : Pack(run, folder, run.Arguments[^1]);
    }

    static int Extract(RemoteRun run, string folder)
    {
        using MemoryStream bytes = new(NodeBytes.AreBytes(run.Input) ? NodeBytes.FromText(run.Input) : Encoding.Latin1.GetBytes(run.Input));
        using TarReader reader = new(bytes);
        while (reader.GetNextEntry() is TarEntry entry)
        {
            string path = $"{folder.TrimEnd('/')}/{entry.Name.TrimEnd('/')}";
            if (entry.EntryType is TarEntryType.Directory) run.Files.MakeDirectories(path);
            else
            {
                run.Files.MakeDirectories(path[..path.LastIndexOf('/')]);
                run.Files.TryWrite(path, entry.DataStream is Stream data ? NodeBytes.ToText(ReadAll(data)) : "");
            }
        }
        return 0;
    }

    static int Pack(RemoteRun run, string folder, string name)
    {
        string root = RemoteFiles.Absolute($"{folder.TrimEnd('/')}/{name}");
        bool isFile = run.Files.IsFile(root) || SystemFile(run, root) is not null;
        if (!isFile && !run.Files.IsDirectory(root))
            return run.Fail($"{name}: Cannot stat: {NoSuchFile}\ntar: Exiting with failure status due to previous errors", 2);
        using MemoryStream bytes = new();
        using (TarWriter writer = new(bytes, leaveOpen: true))
        {
            if (isFile) Add(writer, name, run.Files.Read(root) ?? SystemFile(run, root)!);
            else
            {
                foreach (string directory in run.Files.Disk.Directories.Where(d => d == root || d.StartsWith(root + "/", StringComparison.Ordinal)))
                    writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name + directory[root.Length..]));
                foreach ((string path, string content) in run.Files.Disk.Files.Where(f => f.Key.StartsWith(root + "/", StringComparison.Ordinal)))
                    Add(writer, name + path[root.Length..], content);
            }
        }
        run.Output.Append(Encoding.Latin1.GetString(bytes.ToArray()));
        return 0;
    }

    static void Add(TarWriter writer, string name, string content) =>
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(NodeBytes.FromText(content)) });

    static byte[] ReadAll(Stream stream)
    {
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
