using WaltG5k.Core.Deployments;
using WaltG5k.Core.Walt;
using WaltG5k.Lab;
using WaltG5k.Lab.Processes;

namespace WaltG5k.IntegrationTests.BootLab;

/// <summary>One node, from its firmware to the loss of its server: within a test each boot goes on where the one before has ended.</summary>
public class BootTests
{
    [BootLabFact]
    public async Task A_node_boots_over_PXE_and_by_kexec_into_other_images_and_notices_that_its_server_is_gone()
    {
        TemporaryLab lab = await TemporaryLab.StartAsync();
        IReadOnlyList<LabPart> parts;
        await using (lab)
        {
            parts = lab.Lab.GetInformation().Parts;
            await BootsOverPxeAsync(lab);
            await JumpsIntoAnotherImageAsync(lab);
            await NoticesThatTheServerIsGoneAsync(lab);
        }
        Assert.NotEmpty(parts);
        Assert.All(parts, p => Assert.False(p.Process is { IsAlive: true }, p.Name));
        Assert.Null(WaltLab.Find(lab.Lab.Folder));
    }

    [SpeculativeBootFact]
    public async Task A_node_jumps_by_kexec_into_an_image_with_the_speculative_root()
    {
        await using TemporaryLab lab = await TemporaryLab.StartAsync();
        await BootsOverPxeAsync(lab);
        Assert.All(lab.Lab.Images, i => Assert.True(i.HasSpeculativeRoot, i.Name));
        await BootsWithTheSpeculativeRootAsync(lab);
    }

    static async Task BootsOverPxeAsync(TemporaryLab lab)
    {
        IReadOnlySet<string> booted = await lab.Server.WaitBootedAsync([TemporaryLab.Node], TemporaryLab.BootLimit);
        Assert.True(booted.Contains(TemporaryLab.Node), lab.Describe());
        Assert.Contains("IMAGE=" + TemporaryLab.First, await lab.RunAsync("cat /etc/walt/lab-image"), StringComparison.Ordinal);
        Assert.Equal(lab.Lab.Images[0].Kernel, (await lab.RunAsync("uname -r")).Trim());
        Assert.Contains("GET /boot/kernel", lab.ReadLog("httpd"), StringComparison.Ordinal);
    }

    static async Task JumpsIntoAnotherImageAsync(TemporaryLab lab)
    {
        WaltBootResult result = await lab.BootAsync(new WaltBootRequest
        {
            Nodes = [TemporaryLab.Node], Image = TemporaryLab.Second, Method = WaltBootMethod.Kexec, Trace = true, Timeout = TemporaryLab.BootLimit,
        });
        Assert.True(result.IsBooted, $"{result.Error?.Message}\n{lab.Describe()}");
        Assert.Contains("IMAGE=" + TemporaryLab.Second, await lab.RunAsync("cat /etc/walt/lab-image"), StringComparison.Ordinal);
        Assert.Contains("walt-reboot: kexec", lab.ReadLog("lab-1.console"), StringComparison.Ordinal);
        Assert.Equal(WaltRootFileSystem.Nfs, result.RootFileSystem);
        Assert.Contains("system", result.Parts.Select(p => p.Name));
    }

    static async Task BootsWithTheSpeculativeRootAsync(TemporaryLab lab)
    {
        WaltBootResult result = await lab.BootAsync(new WaltBootRequest
        {
            Nodes = [TemporaryLab.Node], Image = TemporaryLab.Second, Method = WaltBootMethod.Kexec, RootFileSystem = WaltRootFileSystem.Speculative,
                Timeout = TemporaryLab.BootLimit,
        });
        Assert.True(result.IsBooted, $"{result.Error?.Message}\n{lab.Describe()}\n{lab.ReadLog("bootfs")}");
        Assert.Contains("IMAGE=" + TemporaryLab.Second, await lab.RunAsync("cat /etc/walt/lab-image"), StringComparison.Ordinal);
        Assert.Contains("root=/dev/bootfs", await lab.RunAsync("cat /proc/cmdline"), StringComparison.Ordinal);
    }

    static async Task NoticesThatTheServerIsGoneAsync(TemporaryLab lab)
    {
        int fetched = lab.ReadLog("httpd").Length;
        Task<WaltBootResult> boot = lab.BootAsync(
            new WaltBootRequest { Nodes = [TemporaryLab.Node], Method = WaltBootMethod.Kexec, Timeout = TimeSpan.FromSeconds(30) });
        await Eventually.HoldsAsync(() => lab.ReadLog("httpd")[fetched..].Contains("/boot/start.ipxe", StringComparison.Ordinal),
            "the node asks for its boot script", TemporaryLab.BootLimit);
        lab.Lab.KillServer();
        WaltBootResult result = await boot;
        Assert.False(result.IsBooted);
        Assert.NotNull(result.Error);
        IReadOnlyList<Finding> findings = lab.Lab.GetFindings();
        Assert.Contains(findings, f => f is { Code: "LabServiceEnded", Target: "nfs" });
        Assert.Contains(findings, f => f.Code == "LabServerStopped");
        Assert.Equal(LabStatus.Failed, lab.Lab.GetInformation().Status);
    }
}
