using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Storage;
using WaltG5k.Core.VirtualMachines.Disks;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

public sealed partial class VMService
{
    /// <summary>Beyond the guest's own time: OAR's, to tell the script and to end the job.</summary>
    static readonly TimeSpan s_stopMargin = TimeSpan.FromSeconds(45);
    const int RemovalTries = 5;

    /// <summary>Lets the guest switch itself off, and its job end. One that does not listen loses its power after a while.</summary>
    /// <param name="force">Ends the job at once.</param>
    /// <exception cref="G5kException"><c>VMNotFound</c>, <c>VMNotStopped</c>, and those of a deletion.</exception>
    public async Task<G5kVM> StopAsync(string name, bool force = false, CancellationToken cancellationToken = default)
    {
        VMRecord record = Require(name);
        if (await FindJobAsync(record, cancellationToken).ConfigureAwait(false) is { IsEnded: false } job)
        {
            record = _records.Write(record with { JobId = job.Id, Submitting = false, StopAsked = true });
            await EndJobAsync(record, job, force, cancellationToken).ConfigureAwait(false);
        }
        await ReleaseNetworkAsync(record, cancellationToken).ConfigureAwait(false);
        return await ReadOneAsync(Require(name), cancellationToken).ConfigureAwait(false);
    }

    async Task EndJobAsync(VMRecord record, OarJob job, bool force, CancellationToken cancellationToken)
    {
        OarClient oar = Oar(record.Site);
        if (!force && job.State == OarJobState.Running)
        {
            await oar.SignalAsync(job.Id, null, cancellationToken).ConfigureAwait(false);
            TimeSpan patience = TimeSpan.FromSeconds(record.Script.Grace) + s_stopMargin;
            try
            {
                await oar.WaitAsync(job.Id, OarJobGoal.Ended, patience, null, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (G5kException e) when (e.Code == "JobWaitTimeout") { reporter.Warning(
                $"The job of {record.Name} did not end in order and is deleted."); }
        }
        await oar.DeleteAsync(job.Id, cancellationToken).ConfigureAwait(false);
        await oar.WaitAsync(job.Id, OarJobGoal.Ended, TimeSpan.FromMinutes(7), null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets the guest switch itself off and start again in the same job: node and ports stay. One without a job is started.</summary>
    /// <exception cref="G5kException"><c>VMNotFound</c>, <c>VMFailed</c>, <c>VMWaitTimeout</c>.</exception>
    public async Task<G5kVM> RestartAsync(string name, CancellationToken cancellationToken = default)
    {
        VMRecord record = Require(name);
        if (await FindJobAsync(record, cancellationToken).ConfigureAwait(false) is not { State: OarJobState.Running } job)
            return await StartAsync(name, null, cancellationToken).ConfigureAwait(false);
        int boots = (await ReadStatesAsync([record], cancellationToken).ConfigureAwait(false)).GetValueOrDefault(name)?.Boots ?? 0;
        await Oar(record.Site).SignalAsync(job.Id, VMScript.RestartSignalName, cancellationToken).ConfigureAwait(false);
        TimeSpan limit = TimeSpan.FromSeconds(record.Script.Grace) + s_stopMargin;
        long start = grid.Time.GetTimestamp();
        while (true)
        {
            G5kVM vm = await ReadOneAsync(record, cancellationToken).ConfigureAwait(false);
            if (vm.State is VMState.Failed or VMState.Stopped) throw VMErrors.StartFailed(vm);
            VMScriptState? state = (await ReadStatesAsync([record], cancellationToken).ConfigureAwait(false)).GetValueOrDefault(name);
            if (state?.Boots > boots) return await ReadOneAsync(record, cancellationToken).ConfigureAwait(false);
            if (grid.Time.GetElapsedTime(start) > limit) throw VMErrors.StartTimeout(vm, limit, null);
            await Task.Delay(s_poll, grid.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Removes a machine with all that belongs to it, whatever its state: job, address, disk, folder, and at last what is known of it.
    /// </summary>
    /// <exception cref="G5kException">The first failure; what is left is still known and can be removed again.</exception>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        if (_records.Find(name) is not { } record) return;
        using FileLock? mine = _records.TryLock(name) ?? throw VMErrors.Busy(name);
        record = _records.Write(record with { Removing = true, StopAsked = true });
        await RemoveAllAsync(record, cancellationToken).ConfigureAwait(false);
        await UnprotectImageAsync(record, cancellationToken).ConfigureAwait(false);
        mine.Dispose();
        _records.Remove(name);
    }

    /// <summary>Removes what a front-end has of a machine that is not known here.</summary>
    public async Task RemoveOrphanAsync(string name, string site, CancellationToken cancellationToken = default)
    {
        VMRecord record = await ReadOrphanAsync(name, site, cancellationToken).ConfigureAwait(false);
        await RemoveAllAsync(record with { Submitting = true }, cancellationToken).ConfigureAwait(false);
    }

    async Task RemoveAllAsync(VMRecord record, CancellationToken cancellationToken)
    {
        if (await FindJobAsync(record, cancellationToken).ConfigureAwait(false) is { IsEnded: false } job)
            await EndJobAsync(record, job, force: true, cancellationToken).ConfigureAwait(false);
        await ReleaseNetworkAsync(record, cancellationToken).ConfigureAwait(false);
        if (record.Removal.Count > 0) await RemoveDiskAsync(record, cancellationToken).ConfigureAwait(false);
        if (record.Folder.Length == 0) return;
        CommandResult removed = await ChangeAsync(record.Site, ["rm", "-rf", "--", record.Folder], null, cancellationToken).ConfigureAwait(false);
        if (removed.ExitStatus != 0) throw VMErrors.DiskNotRemoved(record.Name, removed);
    }

    /// <summary>Ceph keeps an image for some seconds after its last user has gone.</summary>
    async Task RemoveDiskAsync(VMRecord record, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            CommandResult result = await ChangeAsync(record.Site, record.Removal, null, cancellationToken).ConfigureAwait(false);
            if (result.ExitStatus == 0 || result.Error.Contains("No such file", StringComparison.Ordinal)) return;
            if (attempt == RemovalTries) throw VMErrors.DiskNotRemoved(record.Name, result);
            await Task.Delay(TimeSpan.FromSeconds(5), grid.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The last disk over an image that was protected for it gives the image back.</summary>
    async Task UnprotectImageAsync(VMRecord record, CancellationToken cancellationToken)
    {
        if (record.Strategy != DiskStrategy.Cow || DiskLocation.Parse(record.Image) is not FileLocation { Path: var path }) return;
        VMRecord[] others = [.. _records.ReadAll()
            .Where(r => r.Name != record.Name && r.Site == record.Site && r.Strategy == DiskStrategy.Cow && r.Image == record.Image)];
        if (others.Length == 0)
        {
            if (record.ProtectsImage) await ChangeAsync(record.Site, ["chmod", "u+w", "--", path], null, cancellationToken).ConfigureAwait(false);
        }
        else if (record.ProtectsImage) _records.Write(others[0] with { ProtectsImage = true });
    }
}
