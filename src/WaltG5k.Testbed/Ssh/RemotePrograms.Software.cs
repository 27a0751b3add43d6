using System.Globalization;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed.Ssh;

internal static partial class RemotePrograms
{
    const string SetupProgram = "walt-server-setup";

    /// <summary>What building WalT's Python packages needs.</summary>
    static readonly string[] s_buildPackages = ["gcc", "python3-dev", "libsmi2-dev"];

    static string PackageFile(string package) => $"/var/lib/dpkg/info/{package}.list";

    static async Task<int> AptAsync(RemoteRun run)
    {
        switch (run.Operands)
        {
            case ["update", ..]:
                await PassAsync(run, 8).ConfigureAwait(false);
                run.Print("Reading package lists... Done");
                return 0;
            case ["install", ..]:
                await PassAsync(run, 60).ConfigureAwait(false);
                lock (run.Machine.World.Sync)
                {
                    run.Files.MakeDirectories("/var/lib/dpkg/info");
                    foreach (string package in run.Operands.Skip(1)) run.Files.TryWrite(PackageFile(package), "");
                }
                run.Print("Reading package lists... Done");
                return 0;
            default:
                run.Error.Append("E: Invalid operation\n");
                return 100;
        }
    }

    static async Task<int> PythonAsync(RemoteRun run)
    {
        if (run.Arguments is not ["-m", "venv", string directory])
        {
            run.Error.Append("python3: only '-m venv DIRECTORY' is emulated\n");
            return 1;
        }
        await PassAsync(run, 5).ConfigureAwait(false);
        lock (run.Machine.World.Sync)
        {
            if (!run.Files.IsFile(PackageFile("python3-venv")))
            {
                run.Print("The virtual environment was not created successfully because ensurepip is not available. apt install python3-venv");
                return 1;
            }
            run.Files.MakeDirectories(directory + "/bin");
            run.Files.TryWrite(directory + "/bin/pip", "");
        }
        return 0;
    }

    static async Task<int> PipAsync(RemoteRun run)
    {
        if (run.Operands is not ["install", ..])
        {
            run.Error.Append("ERROR: unknown command\n");
            return 1;
        }
        await PassAsync(run, 90).ConfigureAwait(false);
        string directory = run.Program[..run.Program.LastIndexOf('/')];
        lock (run.Machine.World.Sync)
        {
            bool hasServer = run.Operands.Any(o => o.StartsWith("walt-server", StringComparison.Ordinal));
            if (hasServer && s_buildPackages.FirstOrDefault(p => !run.Files.IsFile(PackageFile(p))) is string missing)
            {
                run.Error.Append("error: command failed: ").Append(missing)
                    .Append(" is not installed\nERROR: Failed building wheel for walt-server\n");
                return 1;
            }
            if (hasServer) run.Files.TryWrite($"{directory}/{SetupProgram}", "");
        }
        run.Print("Successfully installed " + string.Join(' ', run.Operands.Skip(1)));
        return 0;
    }

    static async Task<int> SetUpWaltAsync(RemoteRun run)
    {
        RemoteMachine machine = run.Machine;
        bool isBookworm = run.Files.HasWalt || machine.Files.Disk.Environment?.StartsWith("debian12", StringComparison.Ordinal) == true;
        if (!isBookworm) return run.Fail("Sorry, walt-server-setup supports debian 12 (bookworm) only.");
        if (await WaltSetup.RunAsync(machine.World, machine.Walt, machine.Node, machine.Interrupted).ConfigureAwait(false) is string complaint)
            return run.Fail(complaint);
        // It links the commands of its virtual environment where everybody finds them.
        lock (machine.World.Sync) run.Files.TryWrite("/usr/local/bin/" + SetupProgram, "");
        run.Print("WalT server is now set up.");
        return 0;
    }

    static async Task<int> SystemControlAsync(RemoteRun run)
    {
        if (run.Operands is not [string action, .., string unit]) return run.Fail("too few arguments");
        unit = unit.Replace(".service", "", StringComparison.Ordinal);
        if (unit == "nbfsd" && run.Machine.Server is { HasNbfsDaemon: true } exporter) return ControlNbfs(run, exporter, action);
        if (action == "stop" && run.Files.IsFile(UnitFile(unit)))
        {
            lock (run.Machine.World.Sync) run.Files.Remove(UnitFile(unit), recursively: false);
            return 0;
        }
        if (unit == "dnsmasq") return ControlDnsmasq(run, action);
        if (unit is "libvirtd" && run.Machine.Device is null)
            return HasPackage(run, "libvirt-daemon-system") ? 0 : run.Fail($"Failed to {action} {unit}.service: Unit {unit}.service not found.", 5);
        if (unit == "waltg5k-bootfs" && run.Machine.Server is { } roots && run.Files.IsFile(WaltHost.SpeculationConfiguration))
            return ControlSpeculation(run, roots, action);
        if (run.Machine.Server is not WaltHost host || unit is not ("walt-server" or "walt-server-httpd"))
        {
            if (action != "is-active") return run.Fail($"Failed to {action} {unit}.service: Unit {unit}.service not found.", 5);
            run.Print("inactive");
            return 3;
        }
        bool isHttp = unit == "walt-server-httpd";
        if (action == "is-active")
        {
            bool isActive = host.IsRunning && (!isHttp || host.ServesHttp);
            run.Print(isActive ? "active" : "inactive");
            return isActive ? 0 : 3;
        }
        await PassAsync(run, 2).ConfigureAwait(false);
        switch (action)
        {
            case "restart" or "start" or "stop":
                host.Stop();
                if (isHttp) host.ServesHttp = action != "stop";
                if (isHttp || action != "stop") host.Start();
                return 0;
            case "reload" or "kill":
                // Both end in a SIGHUP here: nobody kills it with another signal.
                if (!isHttp) lock (host.World.Sync) host.ReadFeatures();
                return 0;
            default:
                return run.Fail($"Unknown command verb {action}.");
        }
    }

    static int ControlNbfs(RemoteRun run, WaltHost host, string action)
    {
        if (action == "is-active")
        {
            run.Print(host.ServesNbfs ? "active" : "inactive");
            return host.ServesNbfs ? 0 : 3;
        }
        lock (host.World.Sync) host.IsNbfsStopped = action == "stop";
        return 0;
    }

    static int Journal(RemoteRun run)
    {
        if (run.Machine.Server is not WaltHost host) run.Print("-- No entries --");
        else if (run.Operands.Contains("walt-server-httpd"))
        {
            foreach ((DateTimeOffset date, string line) in host.BootRequests)
                run.Print(string.Create(CultureInfo.InvariantCulture,
                    $"{(date - DateTimeOffset.UnixEpoch).TotalSeconds:0.000000} {run.Machine.Node.ShortName} walt-server-httpd[841]: {line}"));
        }
        else
        {
            foreach (WaltLogEntry entry in host.Logs.TakeLast(50))
                run.Print(string.Create(CultureInfo.InvariantCulture,
                    $"{entry.Time:MMM dd HH:mm:ss} {run.Machine.Node.ShortName} walt-server-daemon[812]: {entry.Line}"));
        }
        return 0;
    }
}
