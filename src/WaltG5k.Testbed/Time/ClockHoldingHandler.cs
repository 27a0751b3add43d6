namespace WaltG5k.Testbed.Time;

/// <summary>Keeps a clock of speed 0 where it is while a request is under way: asking takes no time.</summary>
/// <param name="takesTime">Tells the requests during which the clock has to move; null: there are none.</param>
sealed class ClockHoldingHandler(VirtualClock clock, Func<HttpRequestMessage, bool>? takesTime = null) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (clock.Speed > 0) return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        using IDisposable scope = takesTime?.Invoke(request) == true ? clock.Await() : clock.Busy();
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        // The body travels after the head, and may wait for the network's delayed acknowledgements: no work that the clock could see.
        await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        return response;
    }
}
