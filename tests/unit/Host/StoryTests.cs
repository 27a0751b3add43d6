using System.Management.Automation;
using System.Reflection;
using WaltG5k.Commands;
using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

/// <summary>The whole story through the bundled host: every cmdlet is bound and run in a real pipeline on the embedded testbed.</summary>
public class StoryTests
{
    static readonly string[] s_story =
    [
        "New-WaltLabImage debian -WhatIf",
        "Start-WaltLab -Count 2 -RoundTrip 20 -WhatIf",
        "Get-WaltLab -Path /tmp/waltg5k-no-lab | Stop-WaltLab",
        "Connect-G5k -Testbed -Speed 100",
        "Test-G5kConnection nancy",
        "Measure-G5kConnection nancy",
        "Get-G5kSite n*",
        "Get-G5kCluster -Site nancy -WaltServer",
        "Get-G5kNode -Site nancy -WaltNode | Select-Object -First 2",
        "New-WaltRecipe story -NodeCount @{ nancy = 1; rennes = 1 } -ServerSite nancy -Walltime 1:00",
        "Set-WaltRecipe story -Walltime 2:00",
        "Rename-WaltRecipe story tale",
        "Get-WaltRecipe t*",
        "Test-WaltRecipe tale",
        "Find-G5kSlot -NodeCount 2 -Night -Count 2",
        "Find-G5kSlot -Site lyon -Walltime 0:30 | New-G5kReservation -Name found",
        "Remove-G5kReservation found -Confirm:$false",
        "New-G5kReservation -Site lyon -NodeCount 1 -Walltime 0:30 -Name held | Wait-G5kReservation",
        "Get-G5kReservation held | Remove-G5kReservation -Confirm:$false",
        "Submit-OarJob 'echo begin; sleep 3600' -Site rennes -Walltime 0:30 -Name told | Wait-OarJob -For Running",
        "Get-OarJob -Name told | Update-OarJob -Walltime '+0:10'",
        "Get-OarJob -Name told | Get-OarJobOutput -Tail 5",
        "Get-OarJob -Name told | Stop-OarJob",
        "Submit-OarJob -Noop -Site rennes -Name told | Suspend-OarJob -WhatIf",
        "Get-OarJob -Name told | Enter-OarJob -WhatIf",
        "Get-OarJob -Name told | Stop-OarJob",
        "Submit-OarJob -Noop -Site rennes -Hold | Resume-OarJob -PassThru | Stop-OarJob",
        "Submit-OarJob 'sleep 3600' -Site rennes -NodeCount 2 -Deploy -Walltime 0:30 -Name deployed | Wait-OarJob -For Running",
        "Get-OarJob -Name deployed | Deploy-G5kNode -Environment debian12-min -NodeCount 1 -Confirm:$false",
        "Get-OarJob -Name deployed | Stop-OarJob",
        "Get-OarResource -Site rennes -Type kavlan",
        "Get-KadeployWorkflow -Site lyon | Wait-KadeployWorkflow -Timeout 60",
        "Get-KadeployWorkflow -Site lyon | Stop-KadeployWorkflow -WhatIf",
        "Get-KadeployStatistic -Site lyon -FailureRate",
        "Get-KadeployStatistic -Site lyon | Measure-KadeployStep",
        "Get-KadeployStep -InputObject 'Deployment #D-1 started', 'Launching a deployment on gros-1.nancy.grid5000.fr', 'Performing a Deploy[BroadcastEnvKascade] step', '  sync'",
        "Submit-OarJob 'sleep 3600' -Site rennes -NodeCount 1 -Cluster parasilo -Deploy -Vlan Local -Walltime 0:50 -Name wired | Wait-OarJob -For Running",
        "Get-G5kVlan -Site rennes -Kind Local",
        "Get-OarJob -Name wired | Get-G5kVlan | Disable-G5kVlanDhcp -PassThru | Enable-G5kVlanDhcp",
        "Get-OarJob -Name wired | Get-G5kVlan | Add-G5kVlanUser -User asmith -PassThru | Remove-G5kVlanUser -User asmith -Confirm:$false",
        "Get-OarJob -Name wired | Set-G5kVlan DEFAULT",
        "Get-G5kNodeRight -Site rennes -User me",
        "Get-OarJob -Name wired | Restart-G5kNode -Level Hard",
        "Get-OarJob -Name wired | Get-G5kNodeState",
        "Get-OarJob -Name wired | Invoke-G5kNodeCommand hostname -WhatIf",
        "Get-OarJob -Name wired | Enter-G5kConsole -WhatIf",
        "Get-OarJob -Name wired | Stop-G5kNode",
        "Get-OarJob -Name wired | Start-G5kNode",
        "Get-OarJob -Name wired | Get-G5kNodePower",
        "Get-OarJob -Name wired | Stop-OarJob",
        "Get-G5kEnvironment debian12* -Site rennes -Architecture x86_64",
        "New-G5kEnvironment told -Environment debian12-min -Site rennes | Edit-G5kEnvironment -Description 'as told' | Export-G5kEnvironment -Path /tmp/waltg5k-story.yaml -Force",
        "Test-G5kEnvironment /tmp/waltg5k-story.yaml",
        "Import-G5kEnvironment /tmp/waltg5k-story.yaml | Register-G5kEnvironment -Site rennes",
        "Set-G5kEnvironment told -Site rennes -Visibility Shared",
        "Unregister-G5kEnvironment told -Site rennes -Confirm:$false",
        "Save-G5kNode parasilo-1.rennes told -WhatIf",
        "Find-G5kOrphan -Site lyon",
        "Measure-G5kVMCapacity 2cpu,4GB -Cluster gros -Site nancy",
        "Get-G5kNode 'gros-[1-3].nancy' | New-G5kVMTopology web:6x2cpu,4GB -Name vms | Export-G5kVMTopology vms-of-the-story.psd1 -WhatIf",
        "Get-G5kNode 'gros-[1-3].nancy' | New-G5kVMTopology web:6x2cpu,4GB -Name vms | Show-G5kVMTopology -WhatIf",
        "Get-G5kNode 'gros-[1-3].nancy' | New-G5kVMTopology web:6x2cpu,4GB -Name vms | Test-G5kVMTopology",
        "Import-G5kVMTopology vms-of-no-story-*.xml",
        "New-G5kVM web:2x1cpu,1GB -Site nancy -Port 80 -Walltime 1",
        "Get-G5kVM | Invoke-G5kVMCommand hostname -Fold",
        "Copy-G5kVMItem /etc/hostname /root -ToVM web-*",
        "Get-G5kVM web-1 | New-G5kPortForward -Port 80",
        "Get-G5kPortForward | Remove-G5kPortForward -Confirm:$false",
        "Enter-G5kVM web-1 -WhatIf",
        "Restart-G5kVM web-1",
        "Stop-G5kVM web-*",
        "Start-G5kVM web-1 -NoWait",
        "Get-G5kVM -Orphan -Site nancy",
        "Remove-G5kVM web-* -Confirm:$false",
        "New-G5kVMDeployment 4x1cpu,1GB -Site nancy -Cluster gros -HostCount 2 -NoDeploy -AuthorizedKey key | Wait-G5kVMDeployment",
        "Get-G5kVMDeployment | Get-G5kVMDeploymentStep",
        "Remove-G5kVMDeployment -Confirm:$false",
        "New-WaltDeployment tale -WhatIf",
        "New-WaltDeployment tale | Wait-WaltDeployment",
        "Get-WaltDeployment",
        "Get-WaltDeploymentStep",
        "Get-WaltFinding",
        "Get-WaltServer",
        "Get-WaltDeployment | Connect-WaltServer",
        "Get-WaltImage",
        "Get-WaltImage -User nobody | Find-WaltImage | Import-WaltImage -WhatIf",
        "Copy-WaltImage alpine draft | Rename-WaltImage -NewName told",
        "Edit-WaltImage told 'mkdir -p /opt/told; hostname'",
        "Copy-WaltImageItem /etc/os-release -FromImage told -WhatIf",
        "Compress-WaltImage told",
        "Import-WaltImage docker:carol/bench told -Force",
        "Build-WaltImage tool -FromUrl https://git.example.org/tool.git",
        "Enter-WaltImage tool -WhatIf",
        "Publish-WaltImage tool -WhatIf",
        "Update-WaltDefaultImage -WhatIf",
        "Remove-WaltImage t* -Confirm:$false",
        "Disconnect-WaltServer",
        "Update-WaltDevice",
        "Get-WaltDevice -Tree -All",
        "Get-WaltDevice -Type switch | Get-WaltSwitchPort | Select-Object -First 3",
        "Set-WaltSwitchPort switch-1 5 SR32C14",
        "Get-WaltDevice all-nodes | Get-WaltDeviceConfiguration",
        "Set-WaltDeviceConfiguration all-nodes boot.retries=3",
        "Get-WaltDevice -Type node, switch | Test-WaltDevice -Count 1",
        "Rename-WaltDevice switch-2 attic",
        "Remove-WaltDevice attic -Force -Confirm:$false",
        "Add-WaltCheckpoint tale-1 '-1d' | Get-WaltCheckpoint",
        "Get-WaltLog walt-server -From tale-1 -Stream platform -Tail 2",
        "Wait-WaltLog booted walt-server -TimeMargin 86400 -Timeout 60",
        "Remove-WaltCheckpoint tale-1 -Confirm:$false",
        "Get-WaltNode | Invoke-WaltNodeBoot -Image debian12 -RootFileSystem Nbfs -Trace",
        "Test-WaltBootPath",
        "Get-WaltBootPath",
        "Get-WaltNode | Measure-WaltBoot -Count 2 -AsComparison",
        "Get-WaltBootHistory | Measure-WaltBoot",
        "Enable-WaltSpeculativeBoot",
        "Get-WaltNode | Invoke-WaltNodeBoot -RootFileSystem Speculative",
        "Disable-WaltSpeculativeBoot debian12",
        "Get-WaltNode | Wait-WaltNode | Invoke-WaltNodeCommand 'uname -r' -Fold",
        "Get-WaltNode -Mine | Restart-WaltNode -Wait",
        "Unlock-WaltNode my-nodes -Wait",
        "Lock-WaltNode free-nodes -Wait",
        "Get-WaltNode | Test-WaltNode",
        "Copy-WaltNodeItem /etc/hostname /tmp/waltg5k-story -FromNode my-nodes -WhatIf",
        "Get-WaltNode | Set-WaltNodeConfiguration -Setting boot.timeout=none",
        "Get-WaltNode | Get-WaltNodeConfiguration",
        "Get-WaltNode | Select-Object -First 1 | Save-WaltNodeImage -Image kept",
        "Get-WaltNode | Enter-WaltNode -WhatIf",
        "Get-WaltNode | New-WaltPortForward -Port 22",
        "Get-WaltPortForward | Remove-WaltPortForward -Confirm:$false",
        "New-WaltVirtualNode first | Rename-WaltNode -NewName second -PassThru | Wait-WaltNode | Invoke-WaltNodeBlink -WhatIf",
        "Get-WaltNode -Virtual | Enter-WaltNodeConsole -WhatIf",
        "Get-WaltNode -Virtual | Remove-WaltVirtualNode -Confirm:$false",
        "Remove-WaltDeployment -Confirm:$false",
        "Remove-WaltRecipe tale -Confirm:$false",
        "Disconnect-G5k",
    ];

    [Fact]
    public void Every_line_of_the_story_runs_without_an_error()
    {
        using var session = new HostSession();
        foreach (string line in s_story)
        {
            HostResult result = session.Invoke(line);
            Assert.True(result.Errors.Count == 0, $"{line}: {string.Join("; ", result.Errors)}");
        }
    }

    [Fact]
    public void A_deployment_that_is_over_cannot_be_resumed()
    {
        using var session = new HostSession();
        session.Invoke("Connect-G5k -Testbed -Speed 100");
        ErrorRecord error = Assert.Single(session.Invoke("Resume-WaltDeployment nothing").Errors);
        Assert.StartsWith("DeploymentNotFound", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void The_story_leaves_out_no_cmdlet()
    {
        string all = string.Join('\n', s_story) + "\nResume-WaltDeployment\nResume-G5kVMDeployment";
        Assert.All(
            typeof(ConnectG5kCommand).Assembly.GetExportedTypes().Select(t => t.GetCustomAttribute<CmdletAttribute>()).OfType<CmdletAttribute>(),
            c => Assert.Contains($"{c.VerbName}-{c.NounName}", all, StringComparison.Ordinal));
    }
}
