namespace WaltG5k.Testbed.Time;

/// <summary>Keeps a clock of speed 0 where it is while a request is under way: asking takes no time.</summary>
/// <param name="takesTime">Tells the requests that the other side lets the clock move for; null: there are none.</param>
sealed class ClockHoldingHandler(VirtualClock clock, Func<HttpRequestMessage, bool>? takesTime = null)
    : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (clock.Speed > 0 || takesTime?.Invoke(request) == true) return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        using IDisposable busy = clock.Busy();
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        // The body travels after the head, and may wait for the network's delayed acknowledgements: no work that the clock could see.
        await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        return response;
    }
}
