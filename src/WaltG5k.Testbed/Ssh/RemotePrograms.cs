using System.Globalization;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed.Ssh;

/// <summary>The programs of an emulated node, by name.</summary>
internal static partial class RemotePrograms
{
    static readonly Dictionary<string, Func<RemoteRun, Task<int>>> s_everywhere = new(StringComparer.Ordinal)
    {
        ["true"] = _ => Done(0),
        [":"] = _ => Done(0),
        ["false"] = _ => Done(1),
        ["echo"] = run => Say(run, string.Join(' ', run.Arguments)),
        ["export"] = _ => Done(0),
        ["sh"] = ShellAsync,
        ["bash"] = ShellAsync,
        ["hostname"] = run => Say(run, run.Machine.HostName),
        ["whoami"] = run => Say(run, "root"),
        ["id"] = run => Say(run, run.HasOption('u') ? "0" : "uid=0(root) gid=0(root) groups=0(root)"),
        ["uname"] = run => Say(run, run.HasOption('r')
        ? KernelOf(run.Machine)
        : run.HasOption('m') ? run.Machine.Node.Cluster.Architecture : run.HasOption('n') ? run.Machine.HostName : "Linux"),
        ["tar"] = Locked(Archive),
        ["tgz-g5k"] = MakeImageAsync,
        ["base64"] = Locked(Base64),
        ["sleep"] = SleepAsync,
        ["cat"] = Locked(Cat),
        ["tee"] = Locked(Tee),
        ["mkdir"] = Locked(MakeDirectory),
        ["touch"] = Locked(Touch),
        ["test"] = Locked(Test),
        ["cp"] = Locked(run => CopyOrMove(run, removes: false)),
        ["mv"] = Locked(run => CopyOrMove(run, removes: true)),
        ["rm"] = Locked(Remove),
        ["chmod"] = Locked(ChangeMode),
        ["readlink"] = Locked(ReadLink),
        ["ln"] = Locked(run => run.HasOption('s') ? Link(run) : CopyOrMove(run, removes: false)),
        ["date"] = run => Say(run, string.Create(CultureInfo.InvariantCulture,
        $"{(run.Machine.World.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds:0.000000000}")),
        ["chroot"] = Locked(ChangeRoot),
        ["curl"] = CurlAsync,
        ["wget"] = Locked(Fetch),
        ["systemctl"] = SystemControlAsync,
        ["journalctl"] = Locked(Journal),
        ["apt-get"] = AptAsync,
        ["apt"] = AptAsync,
        ["python3"] = PythonAsync,
        ["ssh"] = SshAsync,
        ["qemu-img"] = VirtualMachines.NodeImagePrograms.RunQemuImgAsync,
    };

    /// <summary>What a WalT server has besides.</summary>
    static readonly Dictionary<string, Func<RemoteRun, Task<int>>> s_ofServers = new(StringComparer.Ordinal)
    {
        ["podman"] = PodmanAsync,
        ["walt-image-shell-helper"] = EnterImageAsync,
    };

    /// <summary>The program, or null where the shell would not find it.</summary>
    public static Func<RemoteRun, Task<int>>? Find(RemoteFiles files, string name)
    {
        string program = name[(name.LastIndexOf('/') + 1)..];
        // Programs outside the system's own directories are there once something has installed them.
        // WalT's environment on this testbed has the programs of the speculative root: a real one gets them from Enable-WaltSpeculativeBoot.
        if (name == $"{WaltHost.SpeculationFolder}/{SpeculationProgram}" && files.HasWalt) return SpeculationAsync;
        if (name.StartsWith('/') && !IsSystemPath(name)) return files.IsFile(name) ? FindInstalled(program) : null;
        if (s_everywhere.TryGetValue(program, out Func<RemoteRun, Task<int>>? found)) return found;
        if (s_ofHosts.TryGetValue(program, out found)) return found;
        if (files.HasWaltServer && s_ofServers.TryGetValue(program, out found)) return found;
        return program == SetupProgram && (files.HasWalt || files.IsFile("/usr/local/bin/" + SetupProgram)) ? SetUpWaltAsync : null;
    }

    static bool IsSystemPath(string path) => path[..path.LastIndexOf('/')] is "/bin" or "/usr/bin" or "/usr/local/bin" or "/sbin" or "/usr/sbin";

    static Func<RemoteRun, Task<int>>? FindInstalled(string program) => program switch
    {
        "pip" => PipAsync,
        SetupProgram => SetUpWaltAsync,
        SpeculationProgram => SpeculationAsync,
        _ => null,
    };

    static Func<RemoteRun, Task<int>> Locked(Func<RemoteRun, int> program) => run =>
    {
        lock (run.Machine.World.Sync) return Done(program(run));
    };

    static Task<int> Done(int status) => Task.FromResult(status);

    static Task<int> Say(RemoteRun run, string line)
    {
        run.Print(line);
        return Done(0);
    }

    /// <summary>Another shell, with the text after -c or its input.</summary>
    static async Task<int> ShellAsync(RemoteRun run)
    {
        bool hasText = run.Arguments is ["-c", _, ..];
        RemoteResult result = await RemoteShell.RunAsync(run.Machine, hasText ? run.Arguments[1] : run.Input, hasText ? run.Input : "", run.TellError)
            .ConfigureAwait(false);
        run.Output.Append(result.Output);
        run.Error.Append(result.Error);
        return result.Status;
    }

    static Task PassAsync(RemoteRun run, double seconds)
        => Task.Delay(TimeSpan.FromSeconds(seconds) * run.Machine.World.Faults.Jitter(), run.Machine.World.Time, run.Machine.Interrupted);
}
