using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Reservations;

/// <summary>Reserves over several sites, all or nothing; knows what it reserved from <c>~/.walt-g5k/reservations</c>.</summary>
public sealed class ReservationService(IGrid grid, IReporter reporter)
{
    /// <summary>How far ahead the common date of "now" lies: every site must have validated its job by then. Doubled when one was too slow.</summary>
    static readonly TimeSpan s_firstMargin = TimeSpan.FromSeconds(8), s_largestMargin = TimeSpan.FromMinutes(5);
    static readonly TimeSpan s_releaseTimeout = TimeSpan.FromMinutes(10), s_settleTime = TimeSpan.FromSeconds(30);

    readonly ReservationLedger _ledger = new(grid);

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
        ReservationPlan plan = await new ReservationPlanner(grid).PlanAsync(request with { Name = name }, cancellationToken).ConfigureAwait(false);
        return plan with { Existing = existing is { State: not "Ended" } ? existing : null };
    }

    /// <summary>Submits every site's job; when one is refused, or on cancellation, none is left.</summary>
    public async Task<Reservation> SubmitAsync(ReservationPlan plan, CancellationToken cancellationToken = default)
    {
        if (plan.Existing is { } existing)
        {
            reporter.Verbose($"The reservation {existing.Name} is alive and is used again.");
            return existing;
        }
        using FileLock right = _ledger.TryLock(plan.Name) ?? throw Busy(plan.Name);
        if (_ledger.Find(plan.Name) is { Submitting: true } left) await ClearAsync(left).ConfigureAwait(false);   // of a process that died
        for (TimeSpan margin = s_firstMargin; ; margin *= 2)
        {
            DateTimeOffset start = plan.Start ?? RoundUp(grid.Time.GetUtcNow() + margin);
            try
            {
                return await SubmitAtAsync(plan, start, cancellationToken).ConfigureAwait(false);
            }
            catch (G5kException e) when (e.Code == "ReservationTooLate" && plan.Start is null && margin < s_largestMargin)
            {
                reporter.Verbose($"{e.Message} Trying again with a later date.");
            }
        }
    }

    async Task<Reservation> SubmitAtAsync(ReservationPlan plan, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var entry = new LedgerEntry
        {
            Name = plan.Name,
            CreatedAt = grid.Time.GetUtcNow(),
            Start = start,
            ServerSite = plan.Request.ServerSite,
            Vlan = plan.Request.Vlan,
            Walltime = plan.Request.Walltime.ToString(),
            Submitting = true,
            Jobs = [.. plan.Sites.Select(s => new LedgerJob(s.Site, 0, s.HoldsServer, s.HoldsVlan))],
        };
        _ledger.Write(entry);
        var writing = new Lock();

        void OnJobId(string site, long id)
        {
            lock (writing)
            {
                entry = entry with { Jobs = [.. entry.Jobs.Select(j => j.Site == site ? j with { JobId = id } : j)] };
                _ledger.Write(entry);
            }
        }

        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<OarSubmission>[] submissions = [.. plan.Sites.Select(s => SubmitSiteAsync(s, start, OnJobId, others))];
        try
        {
            await Task.WhenAll(submissions).ConfigureAwait(false);
        }
        catch (Exception)
        {
            Exception cause = FirstCause(submissions, cancellationToken);
            LedgerEntry made;
            lock (writing) made = entry;
            // A site whose id never came may hold a job all the same: it is looked for by its name.
            await ClearAsync(made).ConfigureAwait(false);
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(Explain(cause, plan, start));
            throw;
        }
        entry = entry with { Submitting = false };
        _ledger.Write(entry);
        return await ReadAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    async Task<OarSubmission> SubmitSiteAsync(ReservationSitePlan site, DateTimeOffset start, Action<string, long> onJobId, CancellationTokenSource others)
    {
        try
        {
            OarJobRequest job = site.Job with { Start = start };
            return await Oar(site.Site).SubmitAsync(job, id => onJobId(site.Site, id), others.Token).ConfigureAwait(false);
        }
        catch
        {
            await others.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The failure that started it all: not the cancellations that it caused at the other sites.</summary>
    static Exception FirstCause(Task<OarSubmission>[] submissions, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return new OperationCanceledException(cancellationToken);
        Exception[] all = [.. submissions.Where(s => s.Exception is not null).SelectMany(s => s.Exception!.InnerExceptions)];
        return all.FirstOrDefault(e => e is G5kException) ?? all.FirstOrDefault() ?? new OperationCanceledException();
    }

    Exception Explain(Exception cause, ReservationPlan plan, DateTimeOffset start)
    {
        if (cause is not G5kException { Code: "ReservationRefused" } refusal) return cause;
        if (plan.Start is null && grid.Time.GetUtcNow() >= start - TimeSpan.FromSeconds(1))
            return new G5kException("ReservationTooLate", ErrorKind.OperationTimeout, "The sites did not answer before the common start date.", plan.Name, "Run the command again.", refusal);
        if (refusal.Data["NextPossibleStart"] is not DateTimeOffset next) return refusal;
        string date = Text.GridZone.ToLocal(next).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var explained = new G5kException("NoFreeResource", ErrorKind.ResourceUnavailable,
            $"{refusal.Message} Nothing was reserved at the other sites. It could start at {date} (Paris time).", refusal.Target,
            $"Ask for fewer nodes, or reserve ahead: add -Start '{date}'", refusal);
        explained.Data["NextPossibleStart"] = next;
        return explained;
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
            await ClearAsync(entry).ConfigureAwait(false);
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
    public async Task<Reservation> AdoptAsync(IReadOnlyList<(string Site, long JobId)> jobs, string? name = null, CancellationToken cancellationToken = default)
    {
        var found = new List<OarJob>();
        foreach ((string site, long id) in jobs)
        {
            OarJob job = await Oar(site).GetJobAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new G5kException("JobNotFound", ErrorKind.ObjectNotFound, $"OAR at {site} does not know a job {id}.", $"{site}:{id}", $"Look at your jobs there: oarstat -u (on f{site}).");
            if (job.IsEnded)
                throw new G5kException("JobEnded", ErrorKind.InvalidOperation, $"The job {id} at {site} has ended ({OarClient.GetEnd(job)}).", $"{site}:{id}", "Reserve anew with New-G5kReservation.");
            found.Add(job);
        }
        string Wanted(string text) => found.Find(j => j.WantedResources.Contains(text, StringComparison.Ordinal))?.Site ?? "";
        string vlanSite = Wanted("vlan=");
        VlanKind vlan = vlanSite.Length == 0 ? VlanKind.None : Wanted("kavlan-global").Length > 0 ? VlanKind.Global : Wanted("kavlan-local").Length > 0 ? VlanKind.Local : VlanKind.Routed;
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
    public async Task<Reservation> WaitAsync(Reservation reservation, TimeSpan timeout, Action<Reservation>? onChange = null, CancellationToken cancellationToken = default)
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
        lock (changing) return current;
    }

    /// <summary>Deletes every job, forgets the reservation, and waits up to half a minute to see the jobs end.</summary>
    public async Task<Reservation> ReleaseAsync(Reservation reservation, CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(reservation.Jobs.Select(j => Oar(j.Site).DeleteAsync(j.JobId, cancellationToken))).ConfigureAwait(false);
        _ledger.Remove(reservation.Name);
        _ledger.RemoveLock(reservation.Name);
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

    /// <summary>Deletes whatever a submission may have made, also when the caller was cancelled; keeps the ledger's file when a site does not answer.</summary>
    async Task ClearAsync(LedgerEntry entry)
    {
        using var limit = new CancellationTokenSource(s_releaseTimeout, grid.Time);
        await Task.WhenAll(entry.Jobs.Select(async job =>
        {
            OarClient oar = Oar(job.Site);
            var ids = new HashSet<long>();
            if (job.JobId > 0) ids.Add(job.JobId);
            foreach (OarJob found in await oar.FindJobsAsync(grid.User, entry.Name, limit.Token).ConfigureAwait(false)) ids.Add(found.Id);
            foreach (long id in ids) await oar.DeleteAsync(id, limit.Token).ConfigureAwait(false);
        })).ConfigureAwait(false);
        _ledger.Remove(entry.Name);
    }

    async Task<Reservation> ReadAsync(LedgerEntry entry, CancellationToken cancellationToken) => await RefreshAsync(
        new Reservation(entry.Name)
        {
            Jobs = [.. entry.Jobs.Select(j => new ReservationJob(j.Site, j.JobId) { HoldsServer = j.HoldsServer, HoldsVlan = j.HoldsVlan })],
            ServerSite = entry.ServerSite,
            Vlan = entry.Vlan,
            Walltime = Walltime.Parse(entry.Walltime),
            CreatedAt = entry.CreatedAt,
            Start = entry.Start,
            IsAdopted = entry.IsAdopted,
        }, cancellationToken).ConfigureAwait(false);

    async Task<ReservationJob> ReadJobAsync(ReservationJob job, CancellationToken cancellationToken) =>
        await Oar(job.Site).GetJobAsync(job.JobId, cancellationToken).ConfigureAwait(false) is { } read ? Merge(job, read) : job with { State = OarJobState.Error };

    static ReservationJob Merge(ReservationJob job, OarJob read) => job with
    {
        State = read.State,
        StartedAt = read.StartedAt,
        ScheduledAt = read.ScheduledAt,
        Walltime = read.Walltime,
        Nodes = read.Nodes,
    };

    static G5kException Busy(string name) => new("ReservationBusy", ErrorKind.ResourceBusy, $"Another process is submitting the reservation {name}.", name, "Wait for it, or choose another -Name.");

    OarClient Oar(string site) => new(grid.GetFrontend(site), grid.Time);

    static string NewName() => "g5k-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    static void CheckName(string name)
    {
        if (name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && name[0] != '.' && name[0] != '-') return;
        throw new G5kException("InvalidReservationName", ErrorKind.InvalidArgument, $"'{name}' cannot name a reservation.", name, "Use letters, digits, '-', '_' and '.', at most 64 characters.");
    }

    static DateTimeOffset RoundUp(DateTimeOffset moment) => new((moment.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
