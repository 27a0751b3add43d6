using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Storage;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

public sealed partial class VMService
{
    /// <summary>Submits the job of a machine that has none. One that has is left as it is: there are never two.</summary>
    /// <param name="walltime">Null: as before.</param>
    /// <exception cref="G5kException"><c>VMNotFound</c>, <c>VMBusy</c>, <c>ImageChanged</c>, <c>ImageNotFound</c>, and those of a
    /// submission.</exception>
    public async Task<G5kVM> StartAsync(string name, Walltime? walltime = null, CancellationToken cancellationToken = default)
    {
        VMRecord record = Require(name);
        using FileLock? mine = _records.TryLock(name) ?? throw VMErrors.Busy(name);
        OarJob? job = await FindJobAsync(record, cancellationToken).ConfigureAwait(false);
        if (IsAlive(job) && await IsEndingAsync(record, job!, cancellationToken).ConfigureAwait(false))
            job = await Oar(record.Site).WaitAsync(job!.Id, OarJobGoal.Ended, TimeSpan.FromSeconds(record.Script.Grace) + s_stopMargin, null,
                cancellationToken).ConfigureAwait(false);
        if (!IsAlive(job))
        {
            await CheckDiskAsync(record, cancellationToken).ConfigureAwait(false);
            if (walltime is { } given) record = record with { Job = record.Job with { Walltime = given.ToString() } };
            record = _records.Write(record with { JobId = null, StopAsked = false, Removing = false });
            if (record.Network == VMNetwork.Bridge) record = await LeaseAsync(record, cancellationToken).ConfigureAwait(false);
            IFrontend frontend = grid.GetFrontend(record.Site);
            await frontend.WriteFileAsync($"{record.Folder}/{VMScript.FileName}", VMScript.Render(record.Script), cancellationToken)
                .ConfigureAwait(false);
            await frontend.DeleteFileAsync($"{record.Folder}/{VMScript.StateFile}", cancellationToken).ConfigureAwait(false);
            record = await SubmitAsync(record, cancellationToken).ConfigureAwait(false);
        }
        return await ReadOneAsync(record, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the guest of a job is off already, or on its way there.</summary>
    async Task<bool> IsEndingAsync(VMRecord record, OarJob job, CancellationToken cancellationToken) =>
        job.State is OarJobState.Finishing or OarJobState.ToError
            || ((await ReadStatesAsync([record], cancellationToken).ConfigureAwait(false))
            .GetValueOrDefault(record.Name) is { Phase: "off" or "failed" or "stopping" } state && state.JobId == job.Id);

    async Task<VMRecord> SubmitAsync(VMRecord record, CancellationToken cancellationToken)
    {
        record = _records.Write(record with { Submitting = true });
        try
        {
            OarSubmission made = await Oar(record.Site)
                .SubmitAsync(ToJob(record), id => record = _records.Write(record with { JobId = id }), cancellationToken).ConfigureAwait(false);
            record = _records.Write(record with { JobId = made.JobId, Submitting = false });
            // Whoever finds the folder without this machine's records finds the job too.
            await grid.GetFrontend(record.Site).WriteFileAsync($"{record.Folder}/{VMScript.RecordFile}", VMRecords.ToText(record), cancellationToken)
                .ConfigureAwait(false);
            return record;
        }
        catch (G5kException) when (record.JobId is null)
        {
            _records.Write(record with { Submitting = false });
            await ReleaseNetworkAsync(record, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    async Task CheckDiskAsync(VMRecord record, CancellationToken cancellationToken)
    {
        IFrontend frontend = grid.GetFrontend(record.Site);
        DiskLocation image = DiskLocation.Parse(record.Image);
        if (image is FileLocation { Path: var path })
        {
            if (!await frontend.FileExistsAsync(path, cancellationToken).ConfigureAwait(false))
                await new DiskImages(frontend).FindAsync(image, cancellationToken).ConfigureAwait(false);
            if (record.ImageMark is { } mark && await GetMarkAsync(record.Site, path, cancellationToken).ConfigureAwait(false) != mark)
                throw VMErrors.ImageChanged(record.Name, path);
        }
        if (record.Script.Prepare.Length == 0 && record.Strategy is DiskStrategy.Cow or DiskStrategy.Copy)
            await new DiskImages(frontend).FindAsync(DiskLocation.Parse(record.Disk), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the guest of a machine lets the user in.</summary>
    /// <param name="executor">Runs the command that tries it.</param>
    /// <param name="onChange">Told each time that something new is known.</param>
    /// <exception cref="G5kException"><c>VMFailed</c>: it will not come any more; <c>VMWaitTimeout</c>.</exception>
    public async Task<G5kVM> WaitReadyAsync(string name, NodeExecutor executor, TimeSpan timeout, Action<G5kVM>? onChange = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(executor);
        long start = grid.Time.GetTimestamp();
        string? last = null;
        G5kVM? before = null;
        while (true)
        {
            G5kVM vm = await ReadOneAsync(Require(name), cancellationToken).ConfigureAwait(false);
            if (before?.State != vm.State || before?.Reason != vm.Reason) onChange?.Invoke(vm);
            before = vm;
            if (vm.State is VMState.Stopped or VMState.Failed) throw VMErrors.StartFailed(vm);
            last = vm.Reason;
            if (vm.Address is not null)
            {
                NodeCommandResult tried = await TryAsync(executor, vm, cancellationToken).ConfigureAwait(false);
                if (tried.IsSuccess) return vm;
                last = tried.Reason;
            }
            if (grid.Time.GetElapsedTime(start) >= timeout) throw VMErrors.StartTimeout(vm, timeout, last);
            await Task.Delay(vm.State == VMState.Waiting ? 2 * s_poll : s_poll, grid.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    static async Task<NodeCommandResult> TryAsync(NodeExecutor executor, G5kVM vm, CancellationToken cancellationToken)
    {
        var options = new NodeExecutionOptions { ConnectTimeout = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(10) };
        NodeCommand nothing = NodeCommand.Program("true") with { Effect = CommandEffect.Read };
        return (await executor.RunAllAsync([vm.ToTarget()], nothing, options, null, cancellationToken).ConfigureAwait(false))[0];
    }

    VMRecord Require(string name) => _records.Find(name)
        ?? throw new G5kException("VMNotFound", ErrorKind.ObjectNotFound, $"There is no virtual machine {name}.", name, "List them: Get-G5kVM");
}
