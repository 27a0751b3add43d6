namespace WaltG5k.Core.Frontends;

/// <summary>A session on a shared connection; disposing of it lets the next command have it.</summary>
sealed class SshLease(SshMaster master, Action release, Action<bool> giveUp) : IDisposable
{
    int _released;

    public SshMaster Master => master;

    /// <summary>The connection offers no session: it is full, or gone.</summary>
    public void GiveUp(bool isFull) => giveUp(isFull);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0) release();
    }
}

/// <summary>
/// The shared connections to one front-end. sshd allows ten sessions on each by default: the connection's own and eight commands are used, and more
/// connections are opened when there are more commands. A connection that ended is replaced by the next who needs it.
/// </summary>
sealed class SshMasterPool(string site, SshTarget target, ControlFolder folder, TimeProvider time) : IAsyncDisposable
{
    internal const int SessionsPerMaster = 8, MostMasters = 12;
    static readonly TimeSpan s_idle = TimeSpan.FromSeconds(60);
    static readonly TimeSpan[] s_backOff = [TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    readonly string _name = folder.NewSocketName();
    readonly Lock _lock = new();
    readonly List<Slot> _slots = [];
    readonly SemaphoreSlim _sessions = new(SessionsPerMaster * MostMasters);
    /// <summary>An sshd drops connections when more than ten are logging in.</summary>
    readonly SemaphoreSlim _logins = new(3);
    readonly CancellationTokenSource _closing = new();

    sealed class Slot(int index)
    {
        public int Index => index;
        public int Used { get; set; }
        /// <summary>0: it is being closed, and gives its place and its socket's name free when that is done.</summary>
        public int Limit { get; set; } = SessionsPerMaster;
        public bool IsClosing => Limit == 0;
        /// <summary>Changes with each use, so that who waits for it to be idle sees that it was not.</summary>
        public long Uses { get; set; }
        public Task<SshMaster> Master { get; set; } = null!;
        public bool IsUsable => !Master.IsFaulted && !Master.IsCanceled && (!Master.IsCompletedSuccessfully || !Master.Result.Ended.IsCompleted);
    }

    /// <summary>Connections that are open or being opened.</summary>
    internal int Count
    {
        get { lock (_lock) return _slots.Count(s => s.IsUsable); }
    }

    /// <summary>The socket of the first connection; it keeps its name when the connection is replaced.</summary>
    public string FirstSocket => GetSocket(0);

    /// <summary>The connection that channels share: the first.</summary>
    /// <exception cref="FrontendUnreachableException">It cannot be opened.</exception>
    public async Task<SshMaster> GetFirstAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Slot slot;
            lock (_lock)
            {
                RemoveEnded();
                slot = _slots.FirstOrDefault(s => s.Index == 0) ?? Add(0);
            }
            SshMaster master = await slot.Master.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!slot.IsClosing) return master;
            await master.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A session for one command. Waits while all are in use.</summary>
    /// <exception cref="FrontendUnreachableException">No connection can be opened.</exception>
    public async Task<SshLease> TakeAsync(CancellationToken cancellationToken)
    {
        await _sessions.WaitAsync(cancellationToken).ConfigureAwait(false);
        Slot slot = Choose();
        try
        {
            return new SshLease(await slot.Master.WaitAsync(cancellationToken).ConfigureAwait(false), () => Release(slot),
                isFull => GiveUp(slot, isFull));
        }
        catch
        {
            Release(slot);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Slot[] slots;
        lock (_lock)
        {
            slots = [.. _slots];
            _slots.Clear();
        }
        await Task.WhenAll(slots.Select(CloseAsync)).ConfigureAwait(false);
    }

    Slot Choose()
    {
        lock (_lock)
        {
            RemoveEnded();
            Slot slot = _slots.FirstOrDefault(s => s.Used < s.Limit)
                ?? Add(Enumerable.Range(0, int.MaxValue).First(i => _slots.All(s => s.Index != i)));
            slot.Used++;
            slot.Uses++;
            return slot;
        }
    }

    void RemoveEnded() => _slots.RemoveAll(s => !s.IsUsable);

    /// <summary>Further connections wait for the first: when it is refused, they would be too.</summary>
    Slot Add(int index)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(SshFrontend));
        Task<SshMaster>? first = _slots.FirstOrDefault()?.Master;
        var slot = new Slot(index);
        slot.Master = Task.Run(() => OpenAsync(first, GetSocket(index)), CancellationToken.None);
        _slots.Add(slot);
        return slot;
    }

    string GetSocket(int index) => FormattableString.Invariant($"{_name}-{index}");

    async Task<SshMaster> OpenAsync(Task<SshMaster>? first, string socket)
    {
        if (first is not null) await first.ConfigureAwait(false);
        await _logins.WaitAsync(_closing.Token).ConfigureAwait(false);
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                try
                {
                    return await SshMaster.OpenAsync(site, target, socket, time, _closing.Token).ConfigureAwait(false);
                }
                catch (FrontendUnreachableException e) when (e.Reason == SshFailureReason.GatewayBusy && attempt < s_backOff.Length)
                {
                    await Task.Delay(s_backOff[attempt], time, _closing.Token).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _logins.Release();
        }
    }

    void Release(Slot slot)
    {
        long uses;
        lock (_lock)
        {
            slot.Used--;
            uses = slot.Used == 0 && slot.Index > 0 ? slot.Uses : -1;
        }
        _sessions.Release();
        if (uses >= 0) _ = CloseWhenIdleAsync(slot, uses);
    }

    void GiveUp(Slot slot, bool isFull)
    {
        lock (_lock)
        {
            slot.Limit = isFull ? Math.Min(slot.Limit, slot.Used - 1) : 0;
            if (!slot.IsClosing) return;
        }
        _ = CloseAsync(slot);
    }

    async Task CloseWhenIdleAsync(Slot slot, long uses)
    {
        await Task.Delay(s_idle, time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            if (slot.Used > 0 || slot.Uses != uses || slot.IsClosing) return;
            slot.Limit = 0;
        }
        await CloseAsync(slot).ConfigureAwait(false);
    }

    static async Task CloseAsync(Slot slot)
    {
        await ((Task)slot.Master).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (slot.Master.IsCompletedSuccessfully) await slot.Master.Result.DisposeAsync().ConfigureAwait(false);
    }
}
