using System.Globalization;
using WaltG5k.Testbed.Nodes;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed.Ssh;

/// <summary>The script that prepares a WalT server for the speculative root, and its service.</summary>
internal static partial class RemotePrograms
{
    const string SpeculationProgram = "walt-bootfs";

    static string SpeculationVersion =>
        ((System.Reflection.AssemblyInformationalVersionAttribute)typeof(RemotePrograms).Assembly.GetCustomAttributes(
        typeof(System.Reflection.AssemblyInformationalVersionAttribute), false)[0])
            .InformationalVersion.Split('+')[0];

    static async Task<int> SpeculationAsync(RemoteRun run)
    {
        if (run.Machine.Server is not WaltHost host) return run.Fail("no WalT server here");
        switch (run.Arguments)
        {
            case ["version"]:
                run.Print(SpeculationVersion);
                return 0;
            case ["install", string port]:
                await PassAsync(run, 15).ConfigureAwait(false);
                lock (host.World.Sync)
                {
                    run.Files.MakeDirectories(WaltHost.SpeculationState + "/images");
                    run.Files.MakeDirectories(WaltHost.SpeculationState + "/traces");
                    run.Files.TryWrite(WaltHost.SpeculationConfiguration, $"PORT={port}\n");
                    host.IsSpeculationStopped = false;
                }
                run.Print("02" + WaltHost.DigestOf(host.Node.Name));
                return 0;
            case ["enable", string id]:
                return await EnableSpeculationAsync(run, host, id).ConfigureAwait(false);
            case ["disable", string id]:
                lock (host.World.Sync) DisableSpeculation(run, host, id);
                return 0;
            case ["list"]:
                lock (host.World.Sync)
                {
                    foreach (WaltImage image in host.Images.All.Where(i => host.HasRootFile(i.Id))) PrintRoot(run, image.Id);
                }
                return 0;
            case ["remove"]:
                await PassAsync(run, 3).ConfigureAwait(false);
                lock (host.World.Sync)
                {
                    foreach (WaltImage image in host.Images.All) DisableSpeculation(run, host, image.Id);
                    run.Files.Remove(WaltHost.SpeculationConfiguration, recursively: false);
                    run.Files.Remove(WaltHost.SpeculationState, recursively: true);
                    run.Files.Remove(WaltHost.SpeculationFolder, recursively: true);
                }
                return 0;
            default:
                return run.Fail("version, install PORT, enable ID, disable ID, list or remove");
        }
    }

    static async Task<int> EnableSpeculationAsync(RemoteRun run, WaltHost host, string id)
    {
        const int NotMounted = 3, NoScripts = 4;
        WaltImage? image;
        bool isMade;
        lock (host.World.Sync)
        {
            image = host.Images.All.FirstOrDefault(i => i.Id == id);
            if (image is null || !host.Mounts.IsMounted(id, host.World.Time.GetUtcNow()))
                return run.Fail($"the image {id} is not mounted", NotMounted);
            if (!image.Models.Contains(WaltNames.Model))
                return run.Fail($"the image {id} has no boot scripts that could ask for another root", NoScripts);
            isMade = host.HasRootFile(id);
        }
        // mkfs.erofs with lz4hc makes some 25 MB per second; then the hashes, the initrd.
        if (!isMade) await PassAsync(run, 2 + WaltHost.RootSizeOf(id) / 25e6).ConfigureAwait(false);
        lock (host.World.Sync)
        {
            run.Files.TryWrite(WaltHost.RootFileOf(id), "");
            host.Mounts.SetRoot(id, BootRoot.Speculative);
        }
        PrintRoot(run, id);
        return 0;
    }

    static void DisableSpeculation(RemoteRun run, WaltHost host, string id)
    {
        run.Files.Remove(WaltHost.RootFileOf(id), recursively: false);
        if (host.Mounts.RootOf(id) == BootRoot.Speculative) host.Mounts.SetRoot(id, BootRoot.Nfs);
    }

    static void PrintRoot(RemoteRun run, string id) =>
        run.Print(string.Create(CultureInfo.InvariantCulture, $"{id} {WaltHost.DigestOf(id)} {WaltHost.RootSizeOf(id)}"));

    static int ControlSpeculation(RemoteRun run, WaltHost host, string action)
    {
        if (action == "is-active")
        {
            run.Print(host.ServesSpeculation ? "active" : "inactive");
            return host.ServesSpeculation ? 0 : 3;
        }
        lock (host.World.Sync) host.IsSpeculationStopped = action == "stop";
        return 0;
    }
}
