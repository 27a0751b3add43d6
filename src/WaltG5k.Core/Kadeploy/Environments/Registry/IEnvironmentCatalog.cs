namespace WaltG5k.Core.Kadeploy;

/// <summary>The environments registered at one site, to look at: through kaenv3 (<see cref="EnvironmentRegistry"/>) or through the API.</summary>
public interface IEnvironmentCatalog
{
    string Site { get; }

    /// <summary>The environments that the user sees, or those that another user shares with him; as they are read.</summary>
    /// <param name="owner">Null: one's own and the public ones.</param>
    /// <param name="isWanted">Asked with each name.</param>
    /// <exception cref="G5kException">The site does not tell.</exception>
    IAsyncEnumerable<EnvironmentInfo> ListAsync(string? owner, bool allVersions, Func<string, bool> isWanted,
        CancellationToken cancellationToken = default);

    /// <summary>One environment by its name or alias: one's own before a public one, the newest version unless one is named.</summary>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="G5kException">The site does not tell.</exception>
    Task<EnvironmentInfo?> FindAsync(EnvironmentSpecification specification, CancellationToken cancellationToken = default);
}
