using WaltG5k.Core;

namespace WaltG5k;

internal static partial class Failures
{
    public static G5kException VMNotFound(string name, IReadOnlyList<string> near) => new(nameof(VMNotFound), ErrorKind.ObjectNotFound,
        $"There is no virtual machine {name}.", name, near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?" : "List them: Get-G5kVM");

    public static G5kException NamesAndTemplates() => new(nameof(NamesAndTemplates), ErrorKind.InvalidArgument,
        "With -Name there can be one template, of one machine: it says what each of the names is.", null, "New-G5kVM 2cpu,4GB -Name db, web");

    public static G5kException VMNameInvalid(string name) => new(nameof(VMNameInvalid), ErrorKind.InvalidArgument,
        $"'{name}' is no name for a virtual machine: letters, digits, '-', '.' and '_', up to 63.", name, "New-G5kVM -Name db-1");

    public static G5kException FileNotReadable(string path) => new(nameof(FileNotReadable), ErrorKind.ObjectNotFound,
        $"There is no file '{path}' on this machine.", path, "Check the path: Test-Path");

    public static G5kException VMPortForwardNotFound(int port) => new(nameof(PortForwardNotFound), ErrorKind.ObjectNotFound,
        FormattableString.Invariant($"No port of a virtual machine is open as port {port} of this machine."), port, "Get-G5kPortForward");
}
