using System.Globalization;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed.Ssh;

internal static partial class RemotePrograms
{
    const string NoSuchFile = "No such file or directory";

    static int Cat(RemoteRun run)
    {
        if (run.Operands.Count == 0) run.Output.Append(run.Input);
        int status = 0;
        foreach (string path in run.Operands)
        {
            if (path == "-") run.Output.Append(run.Input);
            else if ((run.Files.Read(path) ?? SystemFile(run, path)) is string content) run.Output.Append(content);
            else status = run.Fail($"{path}: {NoSuchFile}");
        }
        return status;
    }

    static string? SystemFile(RemoteRun run, string path) => path switch
    {
        "/etc/hostname" => run.Machine.HostName + "\n",
        _ => BootSystemFile(run, path),
    };

    static int Tee(RemoteRun run)
    {
        int status = 0;
        foreach (string path in run.Operands)
        {
            if (!run.Files.TryWrite(path, run.Input, run.HasOption('a'))) status = run.Fail($"{path}: {NoSuchFile}");
        }
        run.Output.Append(run.Input);
        return status;
    }

    static int MakeDirectory(RemoteRun run)
    {
        foreach (string path in run.Operands)
        {
            string full = RemoteFiles.Absolute(path);
            if (!run.HasOption('p') && !run.Files.IsDirectory(full[..Math.Max(1, full.LastIndexOf('/'))]))
                return run.Fail($"cannot create directory '{path}': {NoSuchFile}");
            run.Files.MakeDirectories(full);
        }
        return 0;
    }

    static int Touch(RemoteRun run)
    {
        foreach (string path in run.Operands)
        {
            if (!run.Files.IsFile(path) && !run.Files.IsDirectory(path) && !run.Files.TryWrite(path, ""))
                return run.Fail($"cannot touch '{path}': {NoSuchFile}");
        }
        return 0;
    }

    static int Test(RemoteRun run) => run.Arguments switch
    {
        ["-e", string path] => run.Files.IsFile(path) || run.Files.IsDirectory(path) || IsSocket(run, path) || IsMountedFolder(run, path)
            || IsKernelFile(run, path) ? 0 : 1,
        ["-S", string path] => IsSocket(run, path) ? 0 : 1,
        ["-f", string path] => run.Files.IsFile(path) || IsKernelFile(run, path) ? 0 : 1,
        ["-s", string path] => run.Files.Read(path) is { Length: > 0 } ? 0 : 1,
        ["-x", string path] => Find(run.Files, path) is not null ? 0 : 1,
        ["-d", string path] => run.Files.IsDirectory(path) ? 0 : 1,
        _ => run.Fail("unknown condition", 2),
    };

    static int CopyOrMove(RemoteRun run, bool removes)
    {
        if (run.Operands is not [string from, string to]) return run.Fail("missing file operand");
        if (run.Files.Read(from) is not string content) return run.Fail($"cannot stat '{from}': {NoSuchFile}");
        string target = run.Files.IsDirectory(to) ? $"{RemoteFiles.Absolute(to)}/{from[(from.LastIndexOf('/') + 1)..]}" : to;
        if (!run.Files.TryWrite(target, content)) return run.Fail($"cannot create regular file '{to}': {NoSuchFile}");
        if (removes) run.Files.Remove(from, recursively: false);
        return 0;
    }

    static int Remove(RemoteRun run)
    {
        int status = 0;
        foreach (string path in run.Operands)
        {
            if (!run.Files.Remove(path, run.HasOption('r')) && !run.HasOption('f')) status = run.Fail($"cannot remove '{path}': {NoSuchFile}");
        }
        return status;
    }

    static int ChangeMode(RemoteRun run)
    {
        int status = 0;
        foreach (string path in run.Operands.Skip(1))
        {
            if (!run.Files.IsFile(path) && !run.Files.IsDirectory(path)) status = run.Fail($"cannot access '{path}': {NoSuchFile}");
        }
        return status;
    }

    /// <summary>The links by which a WalT server gives each node its image: a node's directory has all its names.</summary>
    static int ReadLink(RemoteRun run)
    {
        int status = 0;
        foreach (string path in run.Operands)
        {
            if (LinkTarget(run, path) is string target) run.Print(run.HasOption('f') ? "/var/lib/walt/" + target["../../".Length..] : target);
            else status = 1;
        }
        return status;
    }

    static string? LinkTarget(RemoteRun run, string path)
    {
        if (run.Machine.Server is not WaltHost host || path.Split('/') is not ["", "var", "lib", "walt", "nodes", string name, "fs" or "tftp"])
            return null;
        WaltDevice? device = host.Devices.ByName(name) ?? host.Devices.ByIp(name) ?? host.Devices.ByMac(name.Replace('-', ':'));
        if (device is not { IsNode: true }) return null;
        string directory = path.EndsWith("/fs", StringComparison.Ordinal) ? "fs" : $"fs/boot/{device.Model}";
        return $"../../images/{device.RoutedImageId}/{directory}";
    }

    static async Task<int> SleepAsync(RemoteRun run)
    {
        if (run.Operands is not [string text] || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
            return run.Fail("invalid time interval");
        await Task.Delay(TimeSpan.FromSeconds(seconds), run.Machine.World.Time, run.Machine.Interrupted).ConfigureAwait(false);
        return 0;
    }
}
