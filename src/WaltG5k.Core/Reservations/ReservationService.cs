using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations.Planning;
using WaltG5k.Core.Reservations.Planning.Reading;
using WaltG5k.Core.Storage;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Reservations;

/// <summary>Reserves over several sites, all or nothing; knows what it reserved from <c>~/.walt-g5k/reservations</c>.</summary>
public sealed class ReservationService(IGrid grid, IReporter reporter, ScheduleCache? schedules = null)
{
    static readonly TimeSpan s_settleTime = TimeSpan.FromSeconds(30);
    /// <summary>OAR's scheduler runs once a minute: less than this is as usual.</summary>
    static readonly TimeSpan s_remarkable = TimeSpan.FromMinutes(1);

    readonly ReservationLedger _ledger = new(grid);
    readonly ScheduleCache _schedules = schedules ?? new ScheduleCache();
    readonly ReservationCleaner _cleaner = new(grid, reporter, new ReservationLedger(grid));

    /// <summary>Checks the request against the reference data and builds the jobs. Sends nothing.</summary>
    /// <exception cref="G5kException">
    /// <c>SiteNotFound</c>, <c>ClusterNotFound</c>, <c>InvalidNodeCount</c>, <c>NotEnoughNodes</c>, <c>NoServerCluster</c>, <c>VlanNeedsOneSite</c>,
    /// <c>StartInThePast</c>, <c>InvalidReservationName</c>, …
    /// </exception>
    public async Task<ReservationPlan> PlanAsync(ReservationRequest request, CancellationToken cancellationToken = default)
    {
        string name = request.Name ?? NewName();
        CheckName(name);
        Reservation? existing = request.Name is null ? null : await FindAsync(name, cancellationToken).ConfigureAwait(false);
        ReservationPlan plan = await Planner.PlanAsync(request with { Name = name }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return plan with { Existing = existing is { State: not "Ended" } ? existing : null };
    }

    /// <summary>
    /// Submits every site's job at one date; when one is refused, or on cancellation, none is left. A start that was searched for is then planned
    /// anew, with what the refusals taught; "now" follows the dates that OAR names, within <see cref="ReservationStart.NowLimit"/>. Each round is
    /// told to the reporter with its reason.
    /// </summary>
    /// <exception cref="G5kException">
    /// <c>NoFreeResource</c> (with <c>NextPossibleStart</c> and the <c>Rounds</c> in Data), <c>ReservationBusy</c>, <c>ReservationTooLate</c>, what
    /// <see cref="OarClient.SubmitAsync"/> and <see cref="SlotPlanner.FindAsync"/> say.
    /// </exception>
    public async Task<Reservation> SubmitAsync(ReservationPlan plan, CancellationToken cancellationToken = default)
    {
        if (plan.Existing is { } existing)
        {
            reporter.Verbose($"The reservation {existing.Name} is alive and is used again.");
            return existing;
        }
        using FileLock right = _ledger.TryLock(plan.Name) ?? throw Busy(plan.Name);
        if (_ledger.Find(plan.Name) is { Submitting: true } left) await _cleaner.ClearAsync(left).ConfigureAwait(false);   // of a process that died
        LedgerEntry entry = await new ReservationSubmitter(grid, reporter, _ledger, _cleaner, Planner, _schedules, plan)
            .SubmitAsync(cancellationToken).ConfigureAwait(false);
        return await ReadAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reservations that have not ended, read anew from OAR. What a crashed submission left behind is deleted on the way.</summary>
    public async IAsyncEnumerable<Reservation> GetAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (LedgerEntry entry in _ledger.ReadAll())
        {
            Reservation? reservation = await OpenAsync(entry, cancellationToken).ConfigureAwait(false);
            if (reservation is not null) yield return reservation;
        }
    }

    /// <summary>By name, or null.</summary>
    public async Task<Reservation?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        _ledger.Find(name) is { } entry ? await OpenAsync(entry, cancellationToken).ConfigureAwait(false) : null;

    async Task<Reservation?> OpenAsync(LedgerEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Submitting)
        {
            using FileLock? right = _ledger.TryLock(entry.Name);
            if (right is null) return null;   // another shell is at it
            reporter.Warning($"The reservation {entry.Name} was interrupted while it was submitted; its jobs are deleted.");
            await _cleaner.ClearAsync(entry).ConfigureAwait(false);
            return null;
        }
        Reservation reservation = await ReadAsync(entry, cancellationToken).ConfigureAwait(false);
        if (reservation.State != "Ended") return reservation;
        _ledger.Remove(entry.Name);
        _ledger.RemoveLock(entry.Name);
        return null;
    }

    /// <summary>A reservation made of jobs that exist already.</summary>
    /// <exception cref="G5kException"><c>JobNotFound</c>, <c>JobEnded</c>, <c>SiteNotFound</c>.</exception>
    public async Task<Reservation> AdoptAsync(IReadOnlyList<(string Site, long JobId)> jobs, string? name = null,
        CancellationToken cancellationToken = default)
    {
        var found = new List<OarJob>();
        foreach ((string site, long id) in jobs)
        {
            OarJob job = await Oar(site).GetJobAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new G5kException("JobNotFound", ErrorKind.ObjectNotFound, $"OAR at {site} does not know a job {id}.", $"{site}:{id}",
                $"Look at your jobs there: oarstat -u (on f{site}).");
            if (job.IsEnded)
                throw new G5kException("JobEnded", ErrorKind.InvalidOperation, $"The job {id} at {site} has ended ({OarClient.GetEnd(job)}).",
                    $"{site}:{id}", "Reserve anew with New-G5kReservation.");
            found.Add(job);
        }
        string Wanted(string text) => found.Find(j => j.WantedResources.Contains(text, StringComparison.Ordinal))?.Site ?? "";
        string vlanSite = Wanted("vlan=");
        VlanKind vlan = vlanSite.Length == 0 ? VlanKind.None : Wanted("kavlan-global").Length > 0
            ? VlanKind.Global
            : Wanted("kavlan-local").Length > 0 ? VlanKind.Local : VlanKind.Routed;
        string[] candidates = [Wanted("eth_kavlan_count"), Wanted("eth_count"), vlanSite, found[0].Site];
        string serverSite = candidates.First(s => s.Length > 0);
        var entry = new LedgerEntry
        {
            Name = name ?? found[0].Name ?? NewName(),
            CreatedAt = grid.Time.GetUtcNow(),
            ServerSite = serverSite,
            Vlan = vlan,
            Walltime = new Walltime(found.Min(j => j.Walltime) ?? TimeSpan.FromHours(1)).ToString(),
            IsAdopted = true,
            Jobs = [.. found.Select(j => new LedgerJob(j.Site, j.Id, j.Site == serverSite, j.Site == vlanSite))],
        };
        CheckName(entry.Name);
        _ledger.Write(entry);
        return await ReadAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The reservation as OAR tells it now.</summary>
    public async Task<Reservation> RefreshAsync(Reservation reservation, CancellationToken cancellationToken = default)
    {
        ReservationJob[] jobs = await Task.WhenAll(reservation.Jobs.Select(j => ReadJobAsync(j, cancellationToken))).ConfigureAwait(false);
        return reservation with { Jobs = jobs };
    }

    /// <summary>Waits until every job runs.</summary>
    /// <exception cref="G5kException"><c>JobEnded</c>, <c>JobWaitTimeout</c>.</exception>
    public async Task<Reservation> WaitAsync(Reservation reservation, TimeSpan timeout, Action<Reservation>? onChange = null,
        CancellationToken cancellationToken = default)
    {
        Reservation current = reservation;
        var changing = new Lock();

        void OnChange(OarJob job)
        {
            lock (changing)
            {
                current = current with { Jobs = [.. current.Jobs.Select(j => j.Site == job.Site && j.JobId == job.Id ? Merge(j, job) : j)] };
                onChange?.Invoke(current);
            }
        }

        await Task.WhenAll(reservation.Jobs.Select(async job =>
        {
            OnChange(await Oar(job.Site).WaitRunningAsync(job.JobId, timeout, OnChange, cancellationToken).ConfigureAwait(false));
        })).ConfigureAwait(false);
        lock (changing)
        {
            foreach (ReservationJob job in current.Jobs) WarnOf(job);
            return current;
        }
    }

    /// <summary>What OAR gave less of than it was asked for.</summary>
    void WarnOf(ReservationJob job)
    {
        if (job.WalltimeCut > s_remarkable)
            reporter.Warning(
                $"The job {job.JobId} at {job.Site} started {job.StartedLate:c} late: OAR cut its walltime by {job.WalltimeCut:c}; it ends at {GridZone.Format(job.EndsAt!.Value)}.");
        if (job.MissingNodes > 0)
            reporter.Warning(
                $"The job {job.JobId} at {job.Site} has {job.Nodes.Count} of {job.NodeCount} nodes: OAR started it without those that are not alive.");
    }

    /// <summary>Deletes every job, forgets the reservation, and waits up to half a minute to see the jobs end.</summary>
    public async Task<Reservation> ReleaseAsync(Reservation reservation, CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(reservation.Jobs.Select(j => Oar(j.Site).DeleteAsync(j.JobId, cancellationToken))).ConfigureAwait(false);
        _ledger.Remove(reservation.Name);
        _ledger.RemoveLock(reservation.Name);
        _schedules.Clear();
        return await SettleAsync(reservation, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A deletion is registered at once and takes effect some seconds later: a while is spent to see it.</summary>
    async Task<Reservation> SettleAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        long start = grid.Time.GetTimestamp();
        while (true)
        {
            reservation = await RefreshAsync(reservation, cancellationToken).ConfigureAwait(false);
            if (reservation.State == "Ended" || grid.Time.GetElapsedTime(start) > s_settleTime) return reservation;
            await Task.Delay(TimeSpan.FromSeconds(2), grid.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    async Task<Reservation> ReadAsync(LedgerEntry entry, CancellationToken cancellationToken) => await RefreshAsync(
        new Reservation(entry.Name)
        {
            Jobs = [.. entry.Jobs.Select(j => ToJob(entry, j))],
            ServerSite = entry.ServerSite,
            Vlan = entry.Vlan,
            Walltime = Walltime.Parse(entry.Walltime),
            CreatedAt = entry.CreatedAt,
            Start = entry.Start,
            IsAdopted = entry.IsAdopted,
        }, cancellationToken).ConfigureAwait(false);

    static ReservationJob ToJob(LedgerEntry entry, LedgerJob job) => new(job.Site, job.JobId)
    {
        HoldsServer = job.HoldsServer,
        HoldsVlan = job.HoldsVlan,
        NodeCount = job.NodeCount,
        PlannedStart = entry.Start,
        PlannedWalltime = entry.IsAdopted ? null : Walltime.Parse(entry.Walltime).Duration,
    };

    async Task<ReservationJob> ReadJobAsync(ReservationJob job, CancellationToken cancellationToken) =>
        await Oar(job.Site).GetJobAsync(job.JobId, cancellationToken).ConfigureAwait(false) is { } read
        ? Merge(job, read)
        : job with { State = OarJobState.Error };

    static ReservationJob Merge(ReservationJob job, OarJob read) => job with
    {
        State = read.State,
        StartedAt = read.StartedAt,
        ScheduledAt = read.ScheduledAt,
        Walltime = read.Walltime,
        Nodes = read.Nodes,
    };

    static G5kException Busy(string name) =>
        new("ReservationBusy", ErrorKind.ResourceBusy, $"Another process is submitting the reservation {name}.", name,
        "Wait for it, or choose another -Name.");

    ReservationPlanner Planner => new(grid, reporter, _schedules);

    OarClient Oar(string site) => OarClient.For(grid, site);

    static string NewName() => "g5k-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    static void CheckName(string name)
    {
        if (name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && name[0] != '.'
            && name[0] != '-') return;
        throw new G5kException("InvalidReservationName", ErrorKind.InvalidArgument, $"'{name}' cannot name a reservation.", name,
            "Use letters, digits, '-', '_' and '.', at most 64 characters.");
    }
}
