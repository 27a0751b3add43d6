using System.Diagnostics;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;
using WaltG5k.Lab;
using WaltG5k.Lab.Images;
using WaltG5k.Lab.Services;

namespace WaltG5k.IntegrationTests.BootLab;

/// <summary>A folder with two images, and the lab in it, for one test.</summary>
sealed class TemporaryLab : IAsyncDisposable
{
    public const string First = "debian", Second = "debian-b", Node = "lab-1";
    /// <summary>A node in software on a busy machine.</summary>
    public static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(6);

    readonly WaltServer _server;

    TemporaryLab(WaltLab lab) => (Lab, _server) = (lab, lab.OpenServer(SilentReporter.Instance));

    public WaltLab Lab { get; }
    public WaltServer Server => _server;

    /// <summary>Makes the images and starts the lab, its node switched on.</summary>
    public static async Task<TemporaryLab> StartAsync()
    {
        LabFolder folder = new(Directory.CreateTempSubdirectory("waltg5k-bootlab-").FullName);
        LabImageBuilder builder = new(folder, SilentReporter.Instance);
        foreach (string name in new[] { First, Second }) await builder.BuildAsync(new LabImageRequest(name));
        return new TemporaryLab(await WaltLab.StartAsync(new LabOptions { Folder = folder, Accelerator = LabAccelerator.Tcg },
            SilentReporter.Instance));
    }

    public async Task<WaltBootResult> BootAsync(WaltBootRequest request)
    {
        await foreach (WaltBootResult result in new WaltBootDriver(Server, _ => "lab").BootAsync(request with { Retries = 0 })) return result;
        throw new InvalidOperationException("the driver gave no result");
    }

    /// <summary>What a command on the node prints, as Invoke-WaltNodeCommand gets there.</summary>
    public async Task<string> RunAsync(string command)
    {
        NodeGate gate = Server.Shell.Gate;
        CommandResult result = await gate.Runner.RunAsync(new CommandRequest([.. gate.Ssh, "root@" + Lab.GetInformation().Nodes[0].Ip, command]));
        return result.ExitStatus == 0 ? result.Output : throw new InvalidOperationException($"{command}: {result.LastLines()}");
    }

    public string ReadLog(string name) => File.ReadAllText(Lab.Folder.GetLog(name));

    /// <summary>What tells why a node did not come up.</summary>
    public string Describe() => string.Join('\n', Lab.GetFindings().Select(f => $"{f.Code}: {f.Title} {f.Seen}"));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Lab.DisposeAsync();
        for (int i = 0; i < 3 && Directory.Exists(Lab.Folder.Root); i++)
        {
            try { Directory.Delete(Lab.Folder.Root, recursive: true); }
            catch (IOException) { await Task.Delay(100); }
        }
    }
}
