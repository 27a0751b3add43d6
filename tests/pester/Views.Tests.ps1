# Tables and lists against text files. UPDATE_SNAPSHOTS=1 writes them anew.
BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    Connect-TestGrid
    $snapshots = Join-Path $PSScriptRoot snapshots

    function Get-View($Value, [string] $As) {
        $text = $As -eq 'List' ? ($Value | Format-List | Out-String -Width 100) : ($Value | Format-Table | Out-String -Width 100)
        ($text -split '\r?\n' | ForEach-Object TrimEnd | Out-String).Trim()
    }
    function Test-Snapshot([string] $Name, $Value) {
        foreach ($as in 'Table', 'List') {
            $file = Join-Path $snapshots "$Name.$as.txt"
            $view = Get-View $Value $as
            if ($env:UPDATE_SNAPSHOTS) { Set-Content $file $view }
            $view -replace '\r' | Should -Be ((Get-Content -Raw $file).TrimEnd() -replace '\r') -Because "$Name $as"
            if ($as -eq 'Table') { $view -split '\n' | ForEach-Object { $_.Length | Should -BeLessOrEqual 100 } }
        }
    }
    function Get-Date2026([int] $Second) { [datetimeoffset]::new(2026, 3, 24, 9, 0, 0, [timespan]::Zero).AddSeconds($Second) }
    # A constructor's value whose properties are set at its creation only.
    function New-Record([string] $Type, [object[]] $Arguments, [hashtable] $Properties = @{}) {
        $value = [Activator]::CreateInstance(($Type -as [type]), $Arguments)
        foreach ($name in $Properties.Keys) { $value.GetType().GetProperty($name).SetValue($value, $Properties[$name]) }
        $value
    }
}
AfterAll { Disconnect-G5k -Force }

Describe 'The view of' {
    It 'sites' { Test-Snapshot sites (Get-G5kSite nancy, rennes) }
    It 'clusters' { Test-Snapshot clusters (Get-G5kCluster gr* -Site nancy -Queue default) }
    It 'nodes' { Test-Snapshot nodes (Get-G5kNode 'gros-[1-2]') }
    It 'recipes' {
        Test-Snapshot recipes (New-WaltRecipe demo -NodeCount @{ nancy = 2; rennes = 1 } -ServerSite nancy -Walltime 1:30)
    }
    It 'steps' {
        Test-Snapshot steps @(
            New-Record -Type WaltG5k.Core.Deployments.DeploymentStepInfo -Arguments @('server.deploy', [WaltG5k.Core.Deployments.StepState]::Done) -Properties @{ DeploymentId = 'd1'; StartedAt = (Get-Date2026 0); EndedAt = (Get-Date2026 292); Attempts = 1; Description = 'Deploy the server' }
            New-Record -Type WaltG5k.Core.Deployments.DeploymentStepInfo -Arguments @('nodes.wait', [WaltG5k.Core.Deployments.StepState]::Pending) -Properties @{ DeploymentId = 'd1'; Description = 'Wait for the nodes to boot' })
    }
    It 'findings' {
        Test-Snapshot findings (New-Record -Type WaltG5k.Core.Deployments.Finding -Arguments @('NodeNotBooted', [WaltG5k.Core.Deployments.FindingSeverity]::Warning, 'gros-1 did not boot') -Properties @{ DeploymentId = 'd1'; Step = 'nodes.wait'; Target = 'gros-1'; Seen = 'nothing'; Meaning = 'It is dead.'; Recommendation = 'Go on without it.'; Date = (Get-Date2026 0) })
    }
    It 'boot results' {
        $steps = [WaltG5k.Core.Walt.WaltBootStep[]]@(
            [WaltG5k.Core.Walt.WaltBootStep]::new('route', 1, [timespan]::FromSeconds(1.5), $null)
            [WaltG5k.Core.Walt.WaltBootStep]::new('reboot', 1, [timespan]::FromSeconds(0.5), $null)
            [WaltG5k.Core.Walt.WaltBootStep]::new('boot', 1, [timespan]::FromSeconds(17.8), $null))
        Test-Snapshot boots (New-Record -Type WaltG5k.Core.Walt.WaltBootResult -Arguments @('gros-1') -Properties @{ Site = 'nancy'; Image = 'debian12'; IsBooted = $true; Method = [WaltG5k.Core.Walt.WaltBootMethod]::Kexec; Attempts = 1; Total = [timespan]::FromSeconds(19.8); Steps = $steps })
    }
    It 'jobs' {
        function New-Job([hashtable] $Properties) { New-Record -Type WaltG5k.Core.Oar.OarJob -Arguments @() -Properties (@{ Site = 'nancy'; Owner = 'jdoe' } + $Properties) }
        $deleted = [WaltG5k.Core.Oar.OarJobEvent[]]@([WaltG5k.Core.Oar.OarJobEvent]::new((Get-Date2026 300), 'FRAG_JOB_REQUEST', 'User jdoe requested to frag the job 2600003'))
        Test-Snapshot oarjobs @(
            New-Job @{ Id = 2600001; Name = 'measure'; State = [WaltG5k.Core.Oar.OarJobState]::Waiting; ScheduledAt = (Get-Date2026 3600); SubmittedAt = (Get-Date2026 0) }
            New-Job @{ Id = 2600002; State = [WaltG5k.Core.Oar.OarJobState]::Running; StartedAt = (Get-Date2026 60); Walltime = [timespan]'1:00'; Nodes = [string[]]('gros-1', 'gros-2', 'gros-3').ForEach({ "$_.nancy.grid5000.fr" }); Types = [string[]]@('deploy'); Vlans = [int[]]@(4) }
            New-Job @{ Id = 2600003; State = [WaltG5k.Core.Oar.OarJobState]::Error; StartedAt = (Get-Date2026 60); StoppedAt = (Get-Date2026 300); Walltime = [timespan]'1:00'; Events = $deleted }
            New-Job @{ Id = 2600004; State = [WaltG5k.Core.Oar.OarJobState]::Terminated; StartedAt = (Get-Date2026 60); StoppedAt = (Get-Date2026 90); ExitCode = 768 })
    }
    It 'changes of walltime' {
        Test-Snapshot walltimes (New-Record -Type WaltG5k.Core.Oar.OarWalltimeStatus -Arguments @('nancy', 2600002) -Properties @{ Outcome = [WaltG5k.Core.Oar.OarWalltimeOutcome]::PartlyGranted; Walltime = [timespan]'1:30'; Granted = [timespan]'0:30'; Pending = [timespan]'1:00'; EndsAt = (Get-Date2026 5400) })
    }
    It 'resources' {
        Test-Snapshot resources @(
            New-Record -Type WaltG5k.Core.Oar.OarResource -Arguments @('nancy', 5665) -Properties @{ Type = 'default'; Host = 'gros-1.nancy.grid5000.fr'; State = 'Absent'; IsStandby = $true; Cluster = 'gros' }
            New-Record -Type WaltG5k.Core.Oar.OarResource -Arguments @('nancy', 10521) -Properties @{ Type = 'kavlan-local'; State = 'Alive'; Vlan = 1 })
    }
    It 'what Kadeploy did with nodes' {
        $kadeploy = 'WaltG5k.Core.Kadeploy'
        $times = [WaltG5k.Core.Kadeploy.KadeployStepTime[]]@(
            [WaltG5k.Core.Kadeploy.KadeployStepTime]::new('SetDeploymentMiniOSUntrusted', [timespan]::FromSeconds(142))
            [WaltG5k.Core.Kadeploy.KadeployStepTime]::new('BroadcastEnvKascade', [timespan]::FromSeconds(85)))
        Test-Snapshot kadeploy-results @(
            New-Record -Type "$kadeploy.KadeployResult" -Arguments @('gros-1.nancy.grid5000.fr', $true) -Properties @{ Environment = 'debian12-min'; WorkflowId = 'D-1'; Times = $times; Attempts = 1; StartedAt = (Get-Date2026 0); EndedAt = (Get-Date2026 300) }
            New-Record -Type "$kadeploy.KadeployResult" -Arguments @('gros-2.nancy.grid5000.fr', $false) -Properties @{ Environment = 'debian12-min'; WorkflowId = 'D-1'; MacroStep = 'BootNewEnvHardReboot'; MicroStep = 'wait_reboot'; Reason = 'Unreachable after the reboot'; Attempts = 2; ReplacedBy = 'gros-3.nancy.grid5000.fr'; Recommendation = 'Look at its console.' })
        Test-Snapshot node-operations @(
            New-Record -Type "$kadeploy.NodeOperationResult" -Arguments @('gros-1.nancy.grid5000.fr', 'Reboot', [WaltG5k.Core.Kadeploy.NodeOperationState]::Succeeded) -Properties @{ Level = [WaltG5k.Core.Kadeploy.NodeLevel]::Hard; Attempts = 2; WorkflowId = 'R-1'; Duration = [timespan]::FromSeconds(190) }
            New-Record -Type "$kadeploy.NodeOperationResult" -Arguments @('gros-2.nancy.grid5000.fr', 'PowerOff', [WaltG5k.Core.Kadeploy.NodeOperationState]::Failed) -Properties @{ Step = 'Off-power'; Reason = 'The management controller does not answer'; WorkflowId = 'P-1'; Duration = [timespan]::FromSeconds(3) })
        Test-Snapshot node-powers @(
            New-Record -Type "$kadeploy.NodePower" -Arguments @('gros-1.nancy.grid5000.fr', [WaltG5k.Core.Kadeploy.NodePowerState]::On)
            New-Record -Type "$kadeploy.NodePower" -Arguments @('gros-2.nancy.grid5000.fr', [WaltG5k.Core.Kadeploy.NodePowerState]::Unknown) -Properties @{ Reason = 'Kadeploy said nothing about this node' })
        Test-Snapshot node-states @(
            New-Record -Type "$kadeploy.G5kNodeState" -Arguments @('gros-1.nancy.grid5000.fr', [WaltG5k.Core.Kadeploy.NodeKadeployState]::Deployed) -Properties @{ User = 'jdoe'; Environment = 'debian12-min'; EnvironmentVersion = [long]2026031109; EnvironmentUser = 'deploy' }
            New-Record -Type "$kadeploy.G5kNodeState" -Arguments @('gros-2.nancy.grid5000.fr', [WaltG5k.Core.Kadeploy.NodeKadeployState]::Unknown))
        Test-Snapshot node-rights (New-Record -Type "$kadeploy.KadeployRight" -Arguments @('jdoe', 'gros-1.nancy.grid5000.fr', '*'))
    }
    It 'operations of Kadeploy' {
        $kadeploy = 'WaltG5k.Core.Kadeploy'
        Test-Snapshot workflows (New-Record -Type "$kadeploy.KadeployWorkflow" -Arguments @() -Properties @{
                Id = 'D-640e4d68-342c-4ba4-89eb-d8d955888d18'; Site = 'nancy'; User = 'jdoe'; StartedAt = (Get-Date2026 0); Elapsed = [timespan]::FromSeconds(63.2); Environment = 'debian12-min'
                OkNodes = [string[]]@('gros-1.nancy.grid5000.fr'); KoNodes = [string[]]@(); ProcessingNodes = [string[]]@('gros-2.nancy.grid5000.fr'); Nodes = [string[]]@('gros-1.nancy.grid5000.fr', 'gros-2.nancy.grid5000.fr') })
        Test-Snapshot kadeploy-steps @(@('Deployment #D-1 started', 'Launching a deployment on gros-[1-2].nancy.grid5000.fr', 'Performing a Deploy[BroadcastEnvKascade] step',
                '  send_environment', '   ~ Time in send_environment: 58s', '  sync', '   ~ Time in sync: 2s',
                '!!! The nodes gros-2.nancy.grid5000.fr failed on step sync', 'End of step Deploy[BroadcastEnvKascade] after 60s') | Get-KadeployStep)
        $steps = [WaltG5k.Core.Kadeploy.KadeployStatisticStep[]]@([WaltG5k.Core.Kadeploy.KadeployStatisticStep]::new('SetDeploymentMiniOSUntrusted', [timespan]::FromSeconds(200), 1, [timespan]::FromSeconds(142)))
        $record = New-Record -Type "$kadeploy.KadeployStatistic" -Arguments @() -Properties @{
            WorkflowId = 'D-640e4d68-342c-4ba4-89eb-d8d955888d18'; Site = 'nancy'; Node = 'gros-2.nancy.grid5000.fr'; User = 'jdoe'; IsSuccess = $false; StartedAt = (Get-Date2026 0); Steps = $steps; Environment = 'debian12-min'
            EnvironmentVersion = [long]2026031109; Error = "SetDeploymentMiniOSUntrusted-send_key: no space`nleft"; Step = 'SetDeploymentMiniOSUntrusted-send_key'; Reason = "no space`nleft" }
        Test-Snapshot kadeploy-statistics $record
        Test-Snapshot step-measurements (Measure-KadeployStep $record)
        Test-Snapshot failure-rates ([WaltG5k.Core.Kadeploy.KadeployFailureRate]::new('nancy', 'gros-2.nancy.grid5000.fr', 0.118))
    }
    It 'environments' {
        # By the API: a virtual minute of the front-end is a tenth of a second here.
        $environments = Get-G5kEnvironment debian12-min -Site nancy -Architecture x86_64 -AllVersion -UseApi
        Test-Snapshot environments $environments
        $description = New-G5kEnvironment mine -Environment $environments[0] -KernelParameter quiet
        Test-Snapshot environment-descriptions $description
        Test-Snapshot node-images (New-Record -Type WaltG5k.Core.Kadeploy.NodeImage -Arguments @('gros-1.nancy.grid5000.fr', 'nancy', $description.PSObject.BaseObject) -Properties @{
                Path = '/home/jdoe/public/mine-1.tar.zst'; DescriptionPath = '/home/jdoe/public/mine-1.yaml'; Url = 'http://public.nancy.grid5000.fr/~jdoe/mine-1.yaml'; Length = [long]734003200; Sha256 = 'ab' * 32; Duration = [timespan]::FromSeconds(83) })
    }
    It 'VLANs' {
        Test-Snapshot vlans @(
            New-Record -Type WaltG5k.Core.Kavlan.G5kVlan -Arguments @('nancy', '1', [WaltG5k.Core.Reservations.VlanKind]::Local) -Properties @{ Jobs = [long[]]@(2600004); Nodes = [string[]]@('gros-1.nancy.grid5000.fr', 'gros-2.nancy.grid5000.fr'); Users = [string[]]@('jdoe'); IsFree = $false; Dhcp = [WaltG5k.Core.Kavlan.VlanDhcp]::Disabled }
            New-Record -Type WaltG5k.Core.Kavlan.G5kVlan -Arguments @('nancy', '16', [WaltG5k.Core.Reservations.VlanKind]::Global) -Properties @{ IsRemote = $true }
            New-Record -Type WaltG5k.Core.Kavlan.G5kVlan -Arguments @('nancy', 'DEFAULT', [WaltG5k.Core.Reservations.VlanKind]::None))
        Test-Snapshot vlan-places @(
            New-Record -Type WaltG5k.Core.Kavlan.KavlanNodeResult -Arguments @('gros-1.nancy.grid5000.fr', '4', $true, 1)
            New-Record -Type WaltG5k.Core.Kavlan.KavlanNodeResult -Arguments @('gros-2-eth1.nancy.grid5000.fr', 'DEFAULT', $false, 3) -Properties @{ Reason = 'KaVLAN said done, and the port has not moved' })
    }
    It 'slots' {
        $clusters = [Collections.Generic.SortedDictionary[string, int]]::new()
        $clusters['taurus'] = 10
        $shares = [WaltG5k.Core.Reservations.Planning.SlotShare[]]@(New-Record -Type WaltG5k.Core.Reservations.Planning.SlotShare -Arguments @('lyon') -Properties @{ Nodes = [string[]](1..10).ForEach({ "taurus-$_.lyon.grid5000.fr" }); ReadAt = (Get-Date2026 0); Clusters = $clusters })
        $shortages = [WaltG5k.Core.Reservations.Planning.SlotShortage[]]@([WaltG5k.Core.Reservations.Planning.SlotShortage]::new('taurus nodes at lyon', 10, 4))
        $slot = New-Record -Type WaltG5k.Core.Reservations.Planning.Slot -Arguments @((Get-Date2026 3600), [WaltG5k.Core.Oar.Walltime]::Parse('1:30')) -Properties @{
            Wait = [timespan]'1:00'; LastStart = (Get-Date2026 3600); Shares = $shares; Hours = 'day'; Shortages = $shortages; WhyNotEarlier = 'until 11:00 only 4 of 10 taurus nodes at lyon are free'
            Remarks = [string[]]@('lyon was read with oarstat --gantt: jobs in its queue without a predicted start are not known.') }
        Test-Snapshot slots $slot
        $narrow = ($slot | Format-Table | Out-String -Width 80).TrimEnd() -split '\r?\n'
        $narrow | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        $narrow[-1] | Should -Match '1 h 00 min .*lyon=10 .*taurus nodes at lyon'
    }
    It 'tests of connections' {
        $finding = [WaltG5k.Core.Frontends.ConnectionFinding[]]@([WaltG5k.Core.Frontends.ConnectionFinding]::new('ClockDiffers', 'The clock of fnancy is 5 min ahead.', 'Set the clock of this machine.'))
        Test-Snapshot connectiontests @(
            New-Record -Type WaltG5k.Core.Frontends.ConnectionTest -Arguments @() -Properties @{ Site = 'nancy'; Frontend = 'fnancy'; IsReachable = $true; LoginTime = [timespan]::FromSeconds(0.8); CommandTime = [timespan]::FromSeconds(0.05); OarVersion = '2.5.9'; HasKadeploy = $true; HasKavlan = $true; IsApiReachable = $true; ClockDifference = [timespan]::FromMinutes(5); UtcOffset = [timespan]::FromHours(1); Findings = $finding }
            New-Record -Type WaltG5k.Core.Frontends.ConnectionTest -Arguments @() -Properties @{ Site = 'luxembourg'; Frontend = 'fluxembourg'; Reason = [WaltG5k.Core.Frontends.SshFailureReason]::Refused })
    }
    It 'lines of output' {
        Test-Snapshot lines @('one', ('x' * 110)).ForEach({ [WaltG5k.Core.Oar.OarOutputLine]::new('nancy', 2600004, [WaltG5k.Core.Oar.OarOutputStream]::Output, $_) })
    }
    It 'servers' {
        $finding = New-Record -Type WaltG5k.Core.Deployments.Finding -Arguments @('WaltShellRefused', [WaltG5k.Core.Deployments.FindingSeverity]::Information, 'root@gros-4 is not open to us.')
        Test-Snapshot servers (New-Record -Type WaltG5k.Core.Walt.WaltServerInfo -Arguments @('gros-4.nancy.grid5000.fr') -Properties @{
                Version = '10.0'; UserName = 'walt-g5k'; Through = 'fnancy'; Deployment = 'd1'; NodeCount = 12; BootedCount = 11; ImageCount = 3; IsHttpReachable = $true
                TimeDifference = [timespan]::FromSeconds(0.5); Features = [string[]]@('nbfs2'); HasNbfsd = $true; Findings = [WaltG5k.Core.Deployments.Finding[]]@($finding) })
    }
    It 'log lines and checkpoints' {
        $at = { param($second) [datetimeoffset]::new((Get-Date2026 $second).LocalDateTime) }
        Test-Snapshot logs @(
            New-Record -Type WaltG5k.Core.Walt.Logs.WaltLogLine -Arguments @((& $at 0.25), 'walt-server', 'platform.nodes', 'node gros-1 is booted')
            New-Record -Type WaltG5k.Core.Walt.Logs.WaltLogLine -Arguments @((& $at 1), 'gros-1', 'netconsole', 'a line so long that it does not fit into what the other columns have left of the screen'))
        Test-Snapshot checkpoints (New-Record -Type WaltG5k.Core.Walt.Logs.WaltCheckpoint -Arguments @('before-1', (& $at 0)))
    }
    It 'images' {
        $images = 'WaltG5k.Core.Walt.Images'
        Test-Snapshot images @(
            New-Record -Type WaltG5k.Core.Walt.WaltImageInfo -Arguments @('walt-g5k/debian12:latest') -Properties @{ Id = '2' * 64; IsInUse = $true; Nodes = [string[]]@('gros-1', 'gros-2'); Models = [string[]]@('pc-x86-64', 'pc-x86-32'); Created = [datetime]'2026-03-24 09:00' }
            New-Record -Type WaltG5k.Core.Walt.WaltImageInfo -Arguments @('alice/lab:v2'))
        Test-Snapshot found-images @(
            New-Record -Type "$images.WaltFoundImage" -Arguments @('alice', 'mpi', [WaltG5k.Core.Walt.Images.WaltImageLink]::new('hub', 'alice', 'mpi')) -Properties @{ Location = 'docker hub'; Compatibility = 'pc-x86-[32|64]' }
            New-Record -Type "$images.WaltFoundImage" -Arguments @('bob', 'future', $null) -Properties @{ Location = 'docker hub'; Compatibility = 'pc-x86-64'; Note = 'Need server upgrade, version>=99' })
        Test-Snapshot publications (New-Record -Type "$images.WaltImagePublication" -Arguments @('debian12', 'hub', 'hub:jdoe/debian12'))
        Test-Snapshot image-edits (New-Record -Type "$images.WaltImageEdit" -Arguments @('debian12') -Properties @{ SavedAs = 'lab'; Output = 'done'; Duration = [timespan]::FromSeconds(12) })
    }
    It 'devices' {
        $devices = 'WaltG5k.Core.Walt.Devices'
        Test-Snapshot devices (New-Record -Type "$devices.WaltDeviceInfo" -Arguments @('gros-1') -Properties @{ Type = 'node'; Kind = 'physical'; Ip = '192.168.204.2'; Mac = 'b0:26:28:00:aa:05'; NetSetup = 'LAN' })
        Test-Snapshot device-tree @(
            New-Record -Type "$devices.WaltTreeEntry" -Arguments @('switch-1') -Properties @{ Type = 'switch'; Ip = '192.168.207.241' }
            New-Record -Type "$devices.WaltTreeEntry" -Arguments @('gros-1') -Properties @{ Type = 'node'; Ip = '192.168.204.2'; Parent = 'switch-1'; Port = 'SR32C14'; Depth = 1; IsDetected = $false }
            New-Record -Type "$devices.WaltTreeEntry" -Arguments @('switch-2') -Properties @{ Type = 'switch'; Parent = 'switch-1'; Port = '24'; Depth = 1; Note = 'no nodes there' })
        Test-Snapshot device-scans (New-Record -Type "$devices.WaltScanResult" -Arguments @('switch-2', 'FORBIDDEN (see: walt help show device-config)'))
        Test-Snapshot switch-ports (New-Record -Type "$devices.WaltSwitchPort" -Arguments @('switch-1', 2) -Properties @{ Name = 'SR32C14'; Poe = 'on'; Peer = 'gros-1' })
        $settings = [Collections.Generic.Dictionary[string, string]]::new()
        $settings['netsetup'] = 'LAN'; $settings['boot.timeout'] = '180'; $settings['kexec.allow'] = 'false'; $settings['snmp.version'] = ''
        Test-Snapshot device-configurations (New-Record -Type "$devices.WaltDeviceConfiguration" -Arguments @('gros-1') -Properties @{ Category = 'nodes'; Settings = $settings })
    }
    It 'measured boots' {
        $parts = [WaltG5k.Core.Walt.WaltBootPart[]]@(
            [WaltG5k.Core.Walt.WaltBootPart]::new('firmware', [timespan]::FromSeconds(130), [WaltG5k.Core.Walt.WaltEvidence]::Estimated)
            [WaltG5k.Core.Walt.WaltBootPart]::new('system', [timespan]::FromSeconds(15), [WaltG5k.Core.Walt.WaltEvidence]::Observed))
        $common = @{ RootFileSystem = [WaltG5k.Core.Walt.WaltRootFileSystem]::Nfs; Bootloader = [WaltG5k.Core.Walt.WaltBootloader]::Tftp; Image = 'debian12'; Parts = $parts }
        Test-Snapshot boot-measurements (New-Record -Type WaltG5k.Core.Walt.WaltBootMeasurement -Arguments @('nancy', [WaltG5k.Core.Walt.WaltBootMethod]::Hard) -Properties ($common + @{ IsSameSite = $true; Count = 9; Failed = 1; Median = [timespan]::FromSeconds(150); Shortest = [timespan]::FromSeconds(147.2); Longest = [timespan]::FromSeconds(161); Spread = [timespan]::FromSeconds(3.4) }))
        Test-Snapshot boot-comparisons (New-Record -Type WaltG5k.Core.Walt.WaltBootComparison -Arguments @('kexec + NFS') -Properties @{ SameSite = [timespan]::FromSeconds(20.3); TalkSameSite = [timespan]::FromSeconds(20); TalkOtherSite = [timespan]::FromSeconds(40); Count = 6 })
        $record = New-Record -Type WaltG5k.Core.Walt.WaltBootRecord -Arguments @([DateTimeOffset]::new(2026, 3, 24, 9, 0, 0, [timespan]::Zero), 'gros-1') -Properties ($common + @{ Site = 'nancy'; ServerSite = 'nancy'; Platform = '2026-03-24--09-00-00'; IsBooted = $true; Attempts = 1; Method = [WaltG5k.Core.Walt.WaltBootMethod]::Hard; Elapsed = [timespan]::FromSeconds(150) })
        Get-View $record Table | Should -Match 'gros-1 +debian12 +Hard +Nfs +✓ +2 min 30 s'
        Get-View $record List | Should -Match 'firmware ~130.0 s, system 15.0 s'
        Test-Snapshot boot-checks (New-Record -Type WaltG5k.Core.Walt.WaltBootCheck -Arguments @('dhcp', [WaltG5k.Core.Walt.WaltBootCheckState]::Failed) -Properties @{ Nodes = [string[]]('gros-1', 'gros-2'); Seen = '2 nodes are not in dhcpd.conf'; Recommendation = 'ssh root@gros-4 journalctl -u walt-server -n 50' })
    }
    It 'virtual machines' {
        $nodes = Get-G5kNode 'gros-[1-2].nancy'
        $topology = $nodes | New-G5kVMTopology 'web:3x2cpu,4GB', 'db:2x8cpu,32GB' -Name shop -Apart db
        Test-Snapshot vm-topologies $topology
        Test-Snapshot vm-hosts $topology.Hosts
        Test-Snapshot vms $topology.Machines[0, 1]
        Test-Snapshot vm-capacities ($nodes | Measure-G5kVMCapacity '2cpu,4GB')
        Test-Snapshot vm-host-capacities ($nodes | Measure-G5kVMCapacity '2cpu,4GB' -PerHost)
    }
    It 'objects that came back from another process' {
        $node = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-G5kNode gros-1)))
        Get-View $node Table | Should -Match 'gros-1\.nancy\.grid5000\.fr +x86_64'
    }
    It 'colours only where the output has them' {
        $PSStyle.OutputRendering = 'PlainText'
        Get-View (New-Record -Type WaltG5k.Core.Deployments.DeploymentStepInfo -Arguments @('a', [WaltG5k.Core.Deployments.StepState]::Failed)) Table | Should -Not -Match "`e"
    }
}
