using WaltG5k.Core;

namespace WaltG5k.Lab;

/// <summary>The failures of the lab.</summary>
static class LabErrors
{
    public static G5kException NotLinux() =>
        new("LabNeedsLinux", ErrorKind.NotInstalled, "The lab is made of namespaces and QEMU: it runs on Linux only.", "lab",
        "Use a Linux machine or a virtual one; the embedded testbed runs everywhere: Connect-G5k -Testbed");

    public static G5kException NotRoot() =>
        new("LabNeedsRoot", ErrorKind.PermissionDenied, "The lab makes networks and mounts of its own, which only root may.", "lab",
        "Start PowerShell as root: sudo pwsh   (on Grid'5000: on a node that you have deployed, or after sudo-g5k)");

    /// <param name="missing">Programs or files and the Debian packages they come from.</param>
    public static G5kException ProgramsMissing(IReadOnlyList<(string Program, string Package)> missing) =>
        new("LabProgramsMissing", ErrorKind.NotInstalled,
        $"This machine lacks {string.Join(", ", missing.Select(m => m.Program))}.", string.Join(' ', missing.Select(m => m.Program)),
        $"Install what they come from: apt-get install --no-install-recommends {string.Join(' ', missing.Select(m => m.Package).Distinct())}");

    public static G5kException DeviceMissing(string device, string why) =>
        new("LabDeviceMissing", ErrorKind.ResourceUnavailable, $"{device} cannot be used: {why}.", device,
        "Load it: modprobe tun   (in a container: give it that device and the capabilities CAP_NET_ADMIN and CAP_SYS_ADMIN)");

    public static G5kException TooLittleMemory(int neededMiB, int availableMiB, int nodes, int memory) =>
        new("LabMemoryShort", ErrorKind.ResourceUnavailable,
        FormattableString.Invariant(
        $"{nodes} {(nodes == 1 ? "node" : "nodes")} of {memory} MiB need about {neededMiB} MiB, and {availableMiB} MiB are free."), nodes,
        "Ask for fewer nodes or less memory: Start-WaltLab -Count 1 -MemoryMiB 384");

    public static G5kException NodeMemoryTooSmall(int memory, int least) => new("LabNodeMemoryShort", ErrorKind.InvalidArgument,
        FormattableString.Invariant($"A node does not boot with {memory} MiB: its system and its layer in memory need {least}."), memory,
        $"Start-WaltLab -MemoryMiB {least}");

    public static G5kException DiskFull(string path, long neededMiB, long availableMiB) => new("LabDiskShort", ErrorKind.ResourceUnavailable,
        FormattableString.Invariant($"An image takes about {neededMiB} MiB, and {availableMiB} MiB are free in {path}."), path,
        "Free some space, or keep the lab elsewhere: -Path");

    public static G5kException PathHidden(string path, string cover) => new("LabPathHidden", ErrorKind.InvalidArgument,
        $"The lab cannot be kept in {path}: its server has a {cover} of its own.", path, "Keep it elsewhere: -Path ~/.walt-g5k/lab");

    public static G5kException AlreadyRunning(string path, object owner) =>
        new("LabRunning", ErrorKind.ResourceExists, $"A lab already runs in {path}, started by process {owner}.", path,
        "Use it, or stop it first: Stop-WaltLab");

    public static G5kException Busy(string path) =>
        new("LabBusy", ErrorKind.ResourceBusy, $"Another process is starting, stopping or building in {path}.", path,
        "Wait for it, or keep this lab elsewhere: -Path");

    public static G5kException StateCorrupt(string file, Exception? cause) =>
        new("LabStateCorrupt", ErrorKind.InvalidData, $"{file} is not what a lab writes.", file,
        "See what of the lab still runs (ps -ef | grep -e qemu -e unshare), end it, and delete that file.", cause);

    public static G5kException NotStopped(string path, IEnumerable<object> left) => new("LabNotStopped", ErrorKind.OperationTimeout,
        $"The lab in {path} is not wholly gone: {string.Join(", ", left)}.", path,
        "Try again: Stop-WaltLab   (a process that no signal ends waits for a device or a disk)");

    public static G5kException NamespaceFailed(string name, string seen) => new("LabNamespaceFailed", ErrorKind.PermissionDenied,
        $"The namespaces of the lab's {name} could not be made: {seen}", name,
        "In a container, run it with the capability CAP_SYS_ADMIN; else see: unshare --net --mount --pid --fork true");

    public static G5kException NetworkFailed(string name, string seen) => new("LabNetworkFailed", ErrorKind.ResourceUnavailable,
        $"The network of the lab's {name} could not be made: {seen}", name, "See whether the kernel has bridges and taps: modprobe -a tun bridge");

    public static G5kException ServiceFailed(string name, string program, string seen) => new("LabServiceFailed", ErrorKind.ResourceUnavailable,
        $"The lab's {name} ({program}) did not start: {seen}", name,
        $"Try it by hand: {program} --help   (its package may be broken or of another version)");

    public static G5kException PortTaken(int port, Exception cause) => new("LabPortTaken", ErrorKind.ResourceBusy,
        FormattableString.Invariant($"Port {port} of the lab's server is taken: {cause.Message}."), port,
        "Stop what is left of an earlier lab: Stop-WaltLab", cause);

    public static G5kException NoImage(string path) => new("LabImageMissing", ErrorKind.ObjectNotFound, $"There is no image in {path} yet.", path,
        "Make two, which takes about a minute: New-WaltLabImage debian, debian-b");

    public static G5kException ImageNotFound(string name, IEnumerable<string> known) => new("LabImageNotFound", ErrorKind.ObjectNotFound,
        $"The lab has no image '{name}'. It has: {string.Join(", ", known)}.", name, $"Make it: New-WaltLabImage {name}");

    public static G5kException ImageExists(string name) =>
        new("LabImageExists", ErrorKind.ResourceExists, $"The lab has an image '{name}' already.", name,
        $"Choose another name, or make it anew: New-WaltLabImage {name} -Force");

    public static G5kException ImageInUse(string name) =>
        new("LabImageInUse", ErrorKind.ResourceBusy, $"The running lab gives the image '{name}' to its nodes.", name, "Stop it first: Stop-WaltLab");

    public static G5kException ImageNameInvalid(string name) => new("LabImageNameInvalid", ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of an image: WalT takes small letters, digits and dashes.", name, "New-WaltLabImage debian-b");

    public static G5kException ImageWithoutKernel(string name, string file) => new("LabImageIncomplete", ErrorKind.InvalidData,
        $"The image '{name}' cannot boot: it has no {file}.", name, $"Make it anew: New-WaltLabImage {name} -Force");

    public static G5kException BuildFailed(string name, string step, string seen) => new("LabImageNotBuilt", ErrorKind.OperationStopped,
        $"The image '{name}' was not made: {step} failed. {seen}", name,
        "Is the Debian mirror reachable from here, and is there space? Name another one by -Mirror.");

    public static G5kException NoKvm() => new("LabNoKvm", ErrorKind.ResourceUnavailable, "/dev/kvm does not run a guest on this machine.", "/dev/kvm",
        "Run the nodes in software: Start-WaltLab -Accelerator Tcg");

    public static G5kException NodeNotFound(string name) =>
        new("LabNodeNotFound", ErrorKind.ObjectNotFound, $"The lab has no node '{name}'.", name, "Get-WaltLab | Select-Object -ExpandProperty Nodes");
}
