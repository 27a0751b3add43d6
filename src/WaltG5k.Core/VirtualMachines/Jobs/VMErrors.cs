using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>What goes wrong with machines in jobs, and what to do about it.</summary>
static class VMErrors
{
    public static G5kException NotRunning(G5kVM vm) => new("VMNotRunning", ErrorKind.InvalidOperation,
        $"{vm.Name} cannot be reached: it is {vm.State}{(vm.Reason is null ? "" : $" ({vm.Reason})")}.", vm.Name,
        vm.State is VMState.Stopped or VMState.Failed ? $"Start it: Start-G5kVM {vm.Name}" : $"Look at it: Get-G5kVM {vm.Name} | Format-List");

    public static G5kException Exists(string name) => new("VMExists", ErrorKind.ResourceExists, $"There is a virtual machine {name} already.", name,
        $"Choose another name, start that one (Start-G5kVM {name}), or remove it first: Remove-G5kVM {name}");

    public static G5kException FolderExists(string name, string site) => new("VMExists", ErrorKind.ResourceExists,
        $"The front-end of {site} has a machine {name} that is not known here.", name,
        $"Look at it: Get-G5kVM {name} -Orphan -Site {site}; remove it with Remove-G5kVM, or choose another name.");

    public static G5kException Busy(string name) =>
        new("VMBusy", ErrorKind.ResourceBusy, $"Another process works on {name} just now.", name, "Wait until it is done, and try again.");

    public static G5kException RecordCorrupt(string path, Exception cause) =>
        new("VMRecordCorrupt", ErrorKind.InvalidData, $"The file {path} is not readable: {cause.Message}", path,
        $"Delete the machine's job (oarstat -u), then remove {path}; Get-G5kVM -Orphan shows what is left of it on the front-ends.", cause);

    public static G5kException NoImage(string name) =>
        new("ImageMissing", ErrorKind.InvalidArgument, $"Nothing says what {name} shall boot.", name, "Name an image: -Image debian12");

    public static G5kException NothingFits(string site, VirtualMachine machine, string most) => new("VMTooLarge", ErrorKind.InvalidArgument,
        $"No node of {site} that was allowed can host {machine.Id} ({machine.Size}).{most}", machine.Id,
        $"Ask for less, or for other clusters; what there is: Measure-G5kVMCapacity -Site {site}");

    public static G5kException CannotHost(string site, IReadOnlyList<string> clusters) => new("NoVirtualization", ErrorKind.InvalidArgument,
        $"No node of {(clusters.Count == 0 ? site : string.Join(", ", clusters))} can host virtual machines.", site,
        $"Those that can: Get-G5kNode -Site {site} | Where-Object CanHostMachines");

    public static G5kException ImageInUse(string image, IEnumerable<string> machines) => new("ImageInUse", ErrorKind.ResourceBusy,
        $"The disks of {string.Join(", ", machines)} lie over {image}: whoever writes into it spoils them.", image,
        "Take the strategy Cow, Copy or Snapshot, or remove those machines first.");

    public static G5kException ImageChanged(string name, string image) => new("ImageChanged", ErrorKind.InvalidData,
        $"{image} has changed since the disk of {name} was laid over it: what is on that disk is no longer what it was.", name,
        $"Put the old image back, or give the machine up: Remove-G5kVM {name}");

    public static CommandFailedException DiskNotMade(string name, CommandResult result) =>
        new("DiskNotMade", $"The disk of {name} cannot be made", result, name,
        "Check the space and your quota on the front-end (quota -s); -DiskOnNode keeps the disk on the node.", ErrorKind.WriteError);

    public static CommandFailedException FolderNotMade(string name, string site, CommandResult result) =>
        new("FolderNotMade", $"The folder of {name} cannot be made at {site}", result, name,
        "Check your quota on the front-end: quota -s", ErrorKind.WriteError);

    public static CommandFailedException DiskNotRemoved(string name, CommandResult result) =>
        new("DiskNotRemoved", $"The disk of {name} is still there", result, name,
        $"Try again: Remove-G5kVM {name}. What is left stays in Get-G5kVM.", ErrorKind.WriteError);

    public static G5kException StartFailed(G5kVM vm) =>
        new("VMFailed", ErrorKind.ResourceUnavailable, $"{vm.Name} does not run: {vm.Reason ?? "its job has ended"}.", vm.Name,
        $"See {vm.Folder}/{VMScript.LogFile} and {vm.Folder}/{VMScript.ConsoleFile} on the front-end of {vm.Site}; try again with Start-G5kVM {vm.Name}");

    public static G5kException StartTimeout(G5kVM vm, TimeSpan limit, string? last) => new("VMWaitTimeout", ErrorKind.OperationTimeout,
        FormattableString.Invariant(
        $"{vm.Name} was not reachable within {limit.TotalMinutes:0.#} minutes: it is {vm.State}{(last is null ? "" : $" ({last})")}."), vm.Name,
        vm.State == VMState.Running
        ? $"See its console ({vm.Folder}/{VMScript.ConsoleFile} on the front-end of {vm.Site}); does the image have cloud-init, and the key that you use?"
            : $"It goes on waiting: Get-G5kVM {vm.Name}; or give it up: Remove-G5kVM {vm.Name}");

    public static G5kException NotStopped(G5kVM vm) =>
        new("VMNotStopped", ErrorKind.OperationTimeout, $"{vm.Name} has not stopped in time.", vm.Name, $"End its job: Stop-G5kVM {vm.Name} -Force");

    public static G5kException NoAddresses(string site, long job) =>
        new("NotEnoughAddresses", ErrorKind.LimitsExceeded, $"The subnet of job {job} at {site} has no address left.", job,
        "Remove machines that nobody needs, or connect this one with -Network Nat.");

    public static G5kException JobLost(VMRecord record) =>
        new("JobNotFound", ErrorKind.ObjectNotFound, $"OAR at {record.Site} does not know job {record.JobId} of {record.Name}.", record.Name,
        $"Try again in a minute, or remove the machine: Remove-G5kVM {record.Name}");
}
