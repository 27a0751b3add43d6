using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.Walt;

namespace WaltG5k.Core.VirtualMachines.Reach;

/// <summary>What was copied to or from one virtual machine.</summary>
public sealed record VMCopyResult(string Name)
{
    /// <summary>What was copied, where it is from.</summary>
    public string Path { get; init; } = "";
    /// <summary>Where it is now.</summary>
    public string Destination { get; init; } = "";
    public int FileCount { get; init; }
    /// <summary>Bytes of the files.</summary>
    public long Length { get; init; }
    public TimeSpan Duration { get; init; }
    /// <summary>Null on success.</summary>
    public G5kException? Error { get; init; }
    public override string ToString() => Name;
}

/// <summary>Copies files and folders between this machine and virtual machines, as tar archives through ssh.</summary>
/// <param name="timeout">For one machine.</param>
public sealed class VMCopier(IGrid grid, TimeSpan timeout)
{
    /// <summary>Copies files and folders of this machine into a folder of the guest, which is made if it is not there.</summary>
    /// <param name="onBytes">Told the bytes of the files sent so far.</param>
    public Task<VMCopyResult> SendAsync(G5kVM vm, string user, IReadOnlyList<string> paths, string folder, Action<long>? onBytes = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vm);
        return CopyAsync(new VMCopyResult(vm.Name) { Path = string.Join(", ", paths), Destination = folder }, async () =>
        {
            NodePipe pipe = Open(vm, user);
            (int, long) sum = default;
            Require(vm, await pipe.SendAsync(["mkdir", "-p", "--", folder], (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false));
            Require(vm, await pipe.SendAsync(["tar", "-x", "-f", "-", "-C", folder],
                async (stream, token) => sum = await NodeArchive.WriteAsync(paths, stream, onBytes, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false));
            return sum;
        });
    }

    /// <summary>Copies a file or folder of the guest into a folder of this machine, which is made if it is not there.</summary>
    /// <param name="onBytes">Told the bytes of the files received so far.</param>
    public Task<VMCopyResult> ReceiveAsync(G5kVM vm, string user, string path, string folder, Action<long>? onBytes = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vm);
        ArgumentNullException.ThrowIfNull(path);
        return CopyAsync(new VMCopyResult(vm.Name) { Path = path, Destination = folder }, async () =>
        {
            string full = path.Length > 1 ? path.TrimEnd('/') : path;
            int slash = full.LastIndexOf('/');
            (string parent, string name) = slash < 0 ? (".", full) : (slash == 0 ? "/" : full[..slash], full[(slash + 1)..]);
            (int, long) sum = default;
            Require(vm, await Open(vm, user).ReceiveAsync(["tar", "-c", "-f", "-", "-C", parent, "--", name],
                async (stream, token) => sum = await NodeArchive.ReadAsync(stream, folder, onBytes, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false));
            return sum;
        });
    }

    NodePipe Open(G5kVM vm, string user)
    {
        NodeTarget target = vm.ToTarget(user);
        string[] options = ["-T", .. SshOptions.For(TimeSpan.FromSeconds(10), HostKeys.Ignored),
            .. target.Port is { } port ? (string[])["-p", FormattableString.Invariant($"{port}")] : []];
        return new NodePipe(grid.GetFrontend(vm.Site).Gate, target with { Name = target.Host }, options, timeout, grid.Time);
    }

    async Task<VMCopyResult> CopyAsync(VMCopyResult result, Func<Task<(int Count, long Length)>> copy)
    {
        long start = grid.Time.GetTimestamp();
        try
        {
            (int count, long length) = await copy().ConfigureAwait(false);
            return result with { FileCount = count, Length = length, Duration = grid.Time.GetElapsedTime(start) };
        }
        catch (Exception e) when (e is G5kException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            G5kException error = e as G5kException
                ?? new G5kException("VMCopyFailed", ErrorKind.WriteError, $"The copy with {result.Name} failed on this machine: {e.Message}",
                result.Name, "Check the path, the rights and the free space here.", e);
            return result with { Duration = grid.Time.GetElapsedTime(start), Error = error };
        }
    }

    static void Require(G5kVM vm, PipeEnd end)
    {
        if (end.Status == 0) return;
        if (end.Status == SshFailures.Status)
            throw new G5kException("VMUnreachable", ErrorKind.ConnectionError,
                $"{vm.Name}: {NodeFailure.Read(end.Error, end.Status, vm.ToTarget()).Reason}", vm.Name, $"Does it run? Get-G5kVM {vm.Name}");
        bool isMissing = end.Error.Contains("No such file", StringComparison.Ordinal);
        throw new G5kException(isMissing ? "VMItemNotFound" : "VMCopyFailed", isMissing ? ErrorKind.ObjectNotFound : ErrorKind.WriteError,
            $"{vm.Name}: {string.Join(' ', end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2))}",
            vm.Name,
            $"Look at it: Invoke-G5kVMCommand 'ls -la' -Name {vm.Name}");
    }
}
