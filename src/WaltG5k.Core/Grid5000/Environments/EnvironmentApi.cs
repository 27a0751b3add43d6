using System.Runtime.CompilerServices;
using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Core.Grid5000;

/// <summary>Which environments to list.</summary>
public sealed record EnvironmentQuery
{
    public string? Name { get; init; }
    /// <summary>The owner. Null: the public ones, and one's own.</summary>
    public string? User { get; init; }
    public string? Architecture { get; init; }
    /// <summary>All versions, not the latest one only.</summary>
    public bool AllVersions { get; init; }
}

/// <summary>The environments registered at one site, through the API: whole descriptions, where the list of kaenv3 is cut to 80 columns.</summary>
public sealed class EnvironmentApi(IGrid grid, string site)
{
    /// <summary>A site has some hundreds, with all their versions.</summary>
    const int Maximum = 10_000;

    readonly ApiConnection _api = new(grid);
    readonly string _path = $"sites/{Uri.EscapeDataString(site)}/environments";

    /// <exception cref="G5kException"><c>ApiRefused</c>, <c>ApiUnreachable</c>, <c>ApiTimeout</c>, <c>ApiUnreadable</c>.</exception>
    public async IAsyncEnumerable<EnvironmentDescription> ListAsync(EnvironmentQuery? query = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new EnvironmentQuery();
        string path = _path + ApiQuery.Join(("name", query.Name), ("user", query.User), ("arch", query.Architecture),
            ("latest_only", query.AllVersions ? "no" : null));
        await foreach (JsonElement item in _api.GetItemsAsync(path, Maximum, cancellationToken).ConfigureAwait(false))
            yield return ApiEnvironmentReader.Read(item);
    }

    /// <param name="id"><c>NAME_ARCH_VERSION_USER</c>, on old servers without the architecture.</param>
    /// <returns>Null when there is none of that id.</returns>
    public async Task<EnvironmentDescription?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        using JsonDocument? document = await _api.GetAsync($"{_path}/{Uri.EscapeDataString(id)}", cancellationToken).ConfigureAwait(false);
        return document is null ? null : ApiEnvironmentReader.Read(document.RootElement);
    }
}
