namespace WaltG5k.Testbed.Time;

/// <summary>Keeps a clock of speed 0 where it is while a request is under way: asking the API takes no time.</summary>
sealed class ClockHoldingHandler(VirtualClock clock) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using IDisposable busy = clock.Busy();
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
