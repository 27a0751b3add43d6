using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Storage;
using WaltG5k.Core.VirtualMachines.Addresses;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>
/// Addresses of machines in a subnet. One job at a site holds the subnet of all of them; it ends after the last of them, and goes with it.
/// </summary>
public sealed partial class VMService
{
    const string NetworkJobName = "vm-network";
    static readonly TimeSpan s_networkStart = TimeSpan.FromMinutes(10);
    /// <summary>The job of a machine may wait before it starts; its subnet must still be there at its end.</summary>
    static readonly TimeSpan s_networkMargin = TimeSpan.FromHours(1);

    /// <summary>Gives the machine an address of a subnet that lasts long enough: the one it had, if it is free there.</summary>
    async Task<VMRecord> LeaseAsync(VMRecord record, CancellationToken cancellationToken)
    {
        using FileLock mine = await LockNetworkAsync(record.Site, cancellationToken).ConfigureAwait(false);
        _ = Walltime.TryParse(record.Job.Walltime, out Walltime walltime);
        (long job, AddressPool pool) = await GetPoolAsync(record, walltime.Duration, cancellationToken).ConfigureAwait(false);
        HashSet<string> taken = [.. _records.ReadAll().Where(r => r.Name != record.Name && r.Site == record.Site && r.NetworkJob == job)
            .Select(r => r.Ip).OfType<string>()];
        VMAddress address = Choose(record, pool, taken) ?? throw VMErrors.NoAddresses(record.Site, job);
        return _records.Write(record with
        {
            NetworkJob = job, Ip = address.Ip, Mac = address.Mac,
            Script = record.Script with { BridgeMac = address.Mac },
        });
    }

    /// <summary>
    /// A name always begins to look at the same place: it gets the same address again in the same subnet, whoever was there before.
    /// </summary>
    static VMAddress? Choose(VMRecord record, AddressPool pool, HashSet<string> taken)
    {
        if (pool.Addresses.FirstOrDefault(a => a.Ip == record.Ip && !taken.Contains(a.Ip)) is { } own) return own;
        int first = (int)(Hash(record.Name) % (uint)pool.Count);
        return Enumerable.Range(first, pool.Count).Select(i => pool.Addresses[i % pool.Count]).FirstOrDefault(a => !taken.Contains(a.Ip));
    }

    /// <summary>FNV-1a: the same on every machine and day.</summary>
    static uint Hash(string text) => text.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);

    async Task<(long Job, AddressPool Pool)> GetPoolAsync(VMRecord record, TimeSpan walltime, CancellationToken cancellationToken)
    {
        OarClient oar = Oar(record.Site);
        DateTimeOffset needed = grid.Time.GetUtcNow() + walltime;
        IReadOnlyList<OarJob> jobs = await oar.FindOwnJobsAsync(NetworkJobName, cancellationToken).ConfigureAwait(false);
        long? job = jobs.Where(j => j.State == OarJobState.Running && j.EndsAt >= needed).OrderByDescending(j => j.EndsAt).FirstOrDefault()?.Id;
        if (job is null)
        {
            var request = new OarJobRequest { Resources = SubnetDemand.For(1).ToString(), Walltime = new Walltime(walltime + s_networkMargin),
                Name = NetworkJobName, Types = ["noop"] };
            job = (await oar.SubmitAsync(request, null, cancellationToken).ConfigureAwait(false)).JobId;
            reporter.Verbose($"Job {job} of {record.Site} holds the subnet.");
            try { await oar.WaitRunningAsync(job.Value, s_networkStart, null, cancellationToken).ConfigureAwait(false); }
            catch
            {
                await oar.DeleteAsync(job.Value, CancellationToken.None).ConfigureAwait(false);
                throw;
            }
        }
        var words = new CommandRequest("g5k-subnets", "-i", "-m", "-j", FormattableString.Invariant($"{job}"));
        CommandResult listed = await grid.GetFrontend(record.Site).RunAsync(words, null, cancellationToken).ConfigureAwait(false);
        return (job.Value, SubnetAddresses.Read(listed.EnsureSuccess("SubnetsUnreadable", $"The subnet of job {job} cannot be read", job).Output));
    }

    /// <summary>Gives the address back; the job that held the subnet ends when nobody else has an address of it.</summary>
    async Task ReleaseNetworkAsync(VMRecord record, CancellationToken cancellationToken)
    {
        if (record.NetworkJob is not { } job) return;
        using FileLock mine = await LockNetworkAsync(record.Site, cancellationToken).ConfigureAwait(false);
        // The address stays written down: the machine asks for it again. An orphan has no record here.
        if (_records.Find(record.Name) is { } known) _records.Write(known with { NetworkJob = null });
        if (_records.ReadAll().Any(r => r.Site == record.Site && r.NetworkJob == job)) return;
        if (await Oar(record.Site).DeleteAsync(job, cancellationToken).ConfigureAwait(false))
            await Oar(record.Site).WaitAsync(job, OarJobGoal.Ended, TimeSpan.FromMinutes(7), null, cancellationToken).ConfigureAwait(false);
    }

    Task<FileLock> LockNetworkAsync(string site, CancellationToken cancellationToken) =>
        _records.LockAsync("network-" + site, s_networkStart, cancellationToken);
}
