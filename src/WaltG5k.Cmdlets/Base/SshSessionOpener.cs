using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Base;

/// <summary>Opens the real Grid'5000 over ssh: all sites at once, and as many as can be reached.</summary>
internal static class SshSessionOpener
{
    /// <param name="timeout">For the login at each site.</param>
    /// <param name="onFailure">Gets the failure of a site, when another one works.</param>
    public static async Task<G5kSession> OpenAsync(SshGridOptions options, TimeSpan timeout, Action<G5kException> onFailure,
        CancellationToken cancellationToken)
    {
        SshGrid grid = await SshGrid.OpenAsync(options, null, cancellationToken).ConfigureAwait(false);
        try
        {
            G5kException?[] failures = await Task.WhenAll(options.Sites.Select(s => TryAsync(grid, s, timeout, cancellationToken)))
                .ConfigureAwait(false);
            List<string> reached = [.. options.Sites.Where((_, i) => failures[i] is null)];
            if (reached.Count == 0) throw failures.Length == 1 ? failures[0]! : NoSiteReachable(options.Sites, failures);
            foreach (G5kException failure in failures.OfType<G5kException>()) onFailure(failure);
            string login = await CheckLoginAsync(grid, reached[0], onFailure, cancellationToken).ConfigureAwait(false);
            return new G5kSession(grid, $"{string.Join(", ", reached)} over ssh{login}");
        }
        catch
        {
            await grid.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A wrong password is told now, not by the first command that asks the API.</summary>
    static async Task<string> CheckLoginAsync(SshGrid grid, string site, Action<G5kException> onFailure, CancellationToken cancellationToken)
    {
        if (grid.ApiUser is not { } user) return "";
        try { await new Grid5000Client(grid).GetSiteAsync(site, cancellationToken).ConfigureAwait(false); }
        catch (ApiRefusedException e) when (e.Kind == ErrorKind.PermissionDenied) { throw; }
        catch (G5kException e) { onFailure(e); }
        return $", API as {user}";
    }

    static async Task<G5kException?> TryAsync(SshGrid grid, string site, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, grid.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await grid.ConnectAsync(site, stop.Token).ConfigureAwait(false);
            return null;
        }
        catch (G5kException e)
        {
            return e;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new FrontendUnreachableException(SshFailureReason.Timeout,
                $"The login at {site} has not ended within {Internal._Format.Text(timeout)}.", site, $"Connect-G5k -Site {site} -Timeout 120");
        }
    }

    static G5kException NoSiteReachable(IReadOnlyList<string> sites, G5kException?[] failures) => new("NoSiteReachable", ErrorKind.ConnectionError,
        $"None of {string.Join(", ", sites)} can be reached. {string.Join(" ", failures.OfType<G5kException>().Select(f => f.Message).Distinct())}",
        sites[0],
        failures[0]?.Recommendation, failures[0]);
}
