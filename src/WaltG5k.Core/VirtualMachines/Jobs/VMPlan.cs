using WaltG5k.Core.Oar;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Seeds;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>A machine that can be made: everything about it was checked, and nothing of it exists.</summary>
public sealed class VMPlan
{
    internal VMPlan(VirtualMachine machine, VMRecord record, DiskPlan disk, CloudInitSeed seed) =>
        (Machine, Record, Disk, Seed) = (machine, record, disk, seed);

    public VirtualMachine Machine { get; }
    public string Name => Machine.Id;
    public DiskPlan Disk { get; }
    internal VMRecord Record { get; }
    internal CloudInitSeed Seed { get; }

    /// <summary>The submission of its job, for -WhatIf.</summary>
    public string CommandLine => OarClient.GetCommandLine(VMService.ToJob(Record));

    public override string ToString() => Name;
}
