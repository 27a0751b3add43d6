using WaltG5k.Core.Deployments;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Deployments;

/// <summary>Nodes boot while others are being registered: what the server gives them meanwhile holds.</summary>
public sealed class RegistrationRaceTests
{
    [Fact]
    public async Task Addresses_that_nodes_took_meanwhile_are_theirs()
    {
        await using Platform platform = await Platform.OpenAsync();
        int struck = 0;
        DeploymentRun run = await platform.StartAsync(Platform.OneSite(), beforeAppend: TakeAddress);
        DeploymentInfo info = await run.Completion.WaitAsync(platform.Limit);
        Platform.AssertState(DeploymentState.Ready, info);
        Assert.Equal(1, struck);
        Assert.DoesNotContain(info.Findings, f => f.Code == "StepRetried");
        Assert.Equal(3, info.Nodes.Select(n => n.Ip).Distinct().Count());
        lock (platform.Grid.World.Sync)
        {
            WaltHost host = platform.Grid.World.Parts.OfType<WaltPart>().Single().Find(platform.Grid.World.Nodes[info.Server!])!;
            Assert.All(info.Nodes, n => Assert.Equal(n.Ip, host.Devices.ByName(n.WaltName)!.Ip));
        }

        // Right after addresses were planned, the last node shows itself by PXE and gets the one that was meant for the first.
        void TakeAddress(JournalEntry entry)
        {
            if (entry.Facts is not { Server: { } server, Nodes: [{ Ip.Length: > 0 }, _, var last] } || Interlocked.Exchange(ref struck, 1) != 0)
                return;
            lock (platform.Grid.World.Sync)
            {
                WaltHost host = platform.Grid.World.Parts.OfType<WaltPart>().Single().Find(platform.Grid.World.Nodes[server])!;
                host.Devices.Register("walt.node.pc-x86-64", "", last.Mac, "", host.Images.Default.Id);
            }
        }
    }
}
