using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Commands;

/// <summary>From the parameters to the request.</summary>
public sealed partial class NewG5kVMCommand
{
    string? _userDataPath;
    string[] _keyPaths = [];

    protected override void Prepare()
    {
        base.Prepare();
        // The location is that of the runspace, not of the process.
        _userDataPath = UserDataPath is null ? null : GetUnresolvedProviderPathFromPSPath(UserDataPath);
        _keyPaths = [.. PublicKey.Where(IsPath).Select(GetUnresolvedProviderPathFromPSPath)];
    }

    async Task<VMRequest> ToRequestAsync(string site, CancellationToken cancellationToken)
    {
        List<string> keys = [.. PublicKey.Where(k => !IsPath(k))];
        foreach (string path in _keyPaths) keys.AddRange((await ReadAsync(path, cancellationToken).ConfigureAwait(false))
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return new VMRequest(site)
        {
            Machines = [.. GetMachines().Select(Complete)],
            Walltime = Walltime,
            Network = Network,
            Ports = Port,
            Clusters = Cluster,
            Filter = Property,
            Container = Inner?.Id,
            Queue = Queue,
            IsBestEffort = BestEffort,
            PublicKeys = keys,
            UserData = _userDataPath is not null ? await ReadAsync(_userDataPath, cancellationToken).ConfigureAwait(false) : UserData,
            DiskOnNode = DiskOnNode,
            SharesHome = ShareHome,
            QemuArguments = QemuArgument,
        };
    }

    IReadOnlyList<VirtualMachine> GetMachines()
    {
        VMTemplate[] templates = Template.Length > 0 ? Template : [new VMTemplate("vm", 1, new VirtualMachine("vm"))];
        if (Name.Length == 0) return VMTemplate.Expand(templates);
        if (templates is not [{ Count: 1 } one]) throw Failures.NamesAndTemplates();
        return [.. Name.Select(n => one.Machine with { Id = VirtualMachineNames.IsValid(n) ? n : throw Failures.VMNameInvalid(n) })];
    }

    /// <summary>What the template leaves open is said by the parameters.</summary>
    VirtualMachine Complete(VirtualMachine machine)
    {
        VMDisk disk = machine.SystemDisk;
        disk = disk with
        {
            Image = disk.Image ?? Image,
            Strategy = MyInvocation.BoundParameters.ContainsKey(nameof(Strategy)) ? Strategy : disk.Strategy,
            Size = DiskSize > 0 ? DiskSize : disk.Size,
        };
        return machine with { Disks = [disk, .. machine.Disks.Skip(1)] };
    }

    static bool IsPath(string key) => !key.Contains(' ', StringComparison.Ordinal);

    static async Task<string> ReadAsync(string path, CancellationToken cancellationToken) =>
        File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false) : throw Failures.FileNotReadable(path);
}
