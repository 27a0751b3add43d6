using System.Runtime.CompilerServices;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>kaenv3 on the front-end; the API where there is no kaenv3, or where the front-end is out of reach.</summary>
public sealed class FallbackEnvironmentCatalog(EnvironmentRegistry commands, ApiEnvironmentCatalog api, IReporter reporter) : IEnvironmentCatalog
{
    const int StatusNotFound = 127;

    volatile bool _usesApi;

    public string Site => commands.Site;

    /// <inheritdoc/>
    public async IAsyncEnumerable<EnvironmentInfo> ListAsync(
        string? owner, bool allVersions, Func<string, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!_usesApi)
        {
            IAsyncEnumerator<EnvironmentInfo> listed = commands.ListAsync(owner, allVersions, isWanted,
                cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (listed.ConfigureAwait(false))
            {
                bool hasOne;
                try { hasOne = await listed.MoveNextAsync().ConfigureAwait(false); }
                catch (G5kException e) when (IsMissing(e)) { hasOne = !Switch(e); }
                for (; hasOne; hasOne = await listed.MoveNextAsync().ConfigureAwait(false)) yield return listed.Current;
            }
            if (!_usesApi) yield break;
        }
        await foreach (EnvironmentInfo environment in api.ListAsync(owner, allVersions, isWanted,
            cancellationToken).ConfigureAwait(false)) yield return environment;
    }

    /// <inheritdoc/>
    public async Task<EnvironmentInfo?> FindAsync(EnvironmentSpecification specification, CancellationToken cancellationToken = default)
    {
        if (!_usesApi)
        {
            try { return await commands.FindAsync(specification, cancellationToken).ConfigureAwait(false); }
            catch (G5kException e) when (IsMissing(e)) { Switch(e); }
        }
        return await api.FindAsync(specification, cancellationToken).ConfigureAwait(false);
    }

    bool Switch(G5kException missing)
    {
        reporter.Verbose($"{missing.Message} The API is asked for the environments of {Site} instead.");
        return _usesApi = true;
    }

    static bool IsMissing(G5kException failure) =>
        failure is FrontendUnreachableException or CommandFailedException { Result.ExitStatus: StatusNotFound };
}
