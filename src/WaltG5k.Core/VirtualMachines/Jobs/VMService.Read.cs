using System.Runtime.CompilerServices;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Jobs;

public sealed partial class VMService
{
    /// <summary>The machines that are known here, as they are now: one question to OAR and one to the front-end of each site, side by side.</summary>
    /// <param name="wanted">By name and site.</param>
    /// <param name="onFailure">Told of each site that does not answer.</param>
    public async IAsyncEnumerable<G5kVM> ReadAsync(Func<string, string, bool> wanted, Action<G5kException> onFailure,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(onFailure);
        Task<IReadOnlyList<G5kVM>>[] sites = [.. _records.ReadAll().Where(r => wanted(r.Name, r.Site)).GroupBy(r => r.Site, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => ReadSiteAsync(g.Key, [.. g], cancellationToken))];
        await ((Task)Task.WhenAll(sites)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (Task<IReadOnlyList<G5kVM>> site in sites)
        {
            IReadOnlyList<G5kVM> machines;
            try { machines = await site.ConfigureAwait(false); }
            catch (G5kException e)
            {
                onFailure(e);
                continue;
            }
            foreach (G5kVM machine in machines) yield return machine;
        }
    }

    async Task<IReadOnlyList<G5kVM>> ReadSiteAsync(string site, IReadOnlyList<VMRecord> records, CancellationToken cancellationToken)
    {
        var jobs = new Dictionary<long, OarJob>();
        long[] ids = [.. records.Select(r => r.JobId).OfType<long>()];
        if (ids.Length > 0)
            await foreach (OarJob job in Oar(site).GetJobsAsync(new OarJobQuery { JobIds = ids }, cancellationToken).ConfigureAwait(false))
                jobs[job.Id] = job;
        Dictionary<string, VMScriptState> states = await ReadStatesAsync([.. records.Where(r => r.JobId is not null)], cancellationToken)
            .ConfigureAwait(false);
        var machines = new List<G5kVM>();
        foreach (VMRecord record in records)
        {
            OarJob? job = record.JobId is { } id ? jobs.GetValueOrDefault(id) : await FindJobAsync(record, cancellationToken).ConfigureAwait(false);
            machines.Add(VMStates.Fold(record, job, states.GetValueOrDefault(record.Name)));
        }
        return machines;
    }

    async Task<G5kVM> ReadOneAsync(VMRecord record, CancellationToken cancellationToken) =>
        (await ReadSiteAsync(record.Site, [record], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>What the scripts of machines of one site last wrote, by name. Those that have not written yet are left out.</summary>
    async Task<Dictionary<string, VMScriptState>> ReadStatesAsync(IReadOnlyList<VMRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0) return [];
        string[] words = ["cat", "--", .. records.Select(r => $"{r.Folder}/{VMScript.StateFile}")];
        CommandResult result = await grid.GetFrontend(records[0].Site).RunAsync(new CommandRequest(words), null, cancellationToken)
            .ConfigureAwait(false);
        return VMScriptState.ReadAll(result.Output).GroupBy(s => s.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
    }

    /// <summary>
    /// Folders of machines on the front-end of a site that nobody here knows: of another computer of the user, or left by one that is gone.
    /// </summary>
    public async Task<IReadOnlyList<G5kVM>> FindOrphansAsync(string site, CancellationToken cancellationToken = default)
    {
        CommandResult listed = await grid.GetFrontend(site)
            .RunAsync(new CommandRequest("sh", "-c", $"ls -- \"$HOME/{Root}\" 2>/dev/null"), null, cancellationToken).ConfigureAwait(false);
        HashSet<string> known = [.. _records.ReadAll().Where(r => r.Site == site).Select(r => r.Name)];
        var orphans = new List<G5kVM>();
        foreach (string name in listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(n => VirtualMachineNames.IsValid(n) && !known.Contains(n)))
        {
            VMRecord record = await ReadOrphanAsync(name, site, cancellationToken).ConfigureAwait(false);
            OarJob? job = await FindJobAsync(record with { Submitting = true }, cancellationToken).ConfigureAwait(false);
            orphans.Add(VMStates.Fold(record, job, null) with
            {
                State = VMState.Orphan,
                Reason = job is { IsEnded: false } ? FormattableString.Invariant($"its job {job.Id} is {job.State}")
                : "it has no job; its folder is left",
            });
        }
        return orphans;
    }

    async Task<VMRecord> ReadOrphanAsync(string name, string site, CancellationToken cancellationToken)
    {
        string folder = $"{await GetHomeAsync(site, cancellationToken).ConfigureAwait(false)}/{Root}/{name}";
        string? text = await grid.GetFrontend(site).TryReadFileAsync($"{folder}/{VMScript.RecordFile}", cancellationToken).ConfigureAwait(false);
        return (text is null ? null : VMRecords.FromText(text)) is { } record && record.Name == name
            ? record with { Site = site, Folder = folder }
            : new VMRecord { Name = name, Site = site, CreatedAt = DateTimeOffset.UnixEpoch, Folder = folder, Job = new VMJobShape("", "") };
    }
}
