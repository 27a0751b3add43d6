namespace WaltG5k.Core.Frontends;

/// <summary>A connection to a whole Grid'5000: the real one, or the embedded testbed.</summary>
public interface IGrid : IAsyncDisposable
{
    /// <summary><c>testbed</c> or <c>grid5000</c>.</summary>
    string Name { get; }

    /// <summary>The Grid'5000 login.</summary>
    string User { get; }

    /// <summary>The site whose front-end this is, or null where commands of every site go through ssh.</summary>
    string? LocalSite { get; }

    /// <summary>The sites that the connection itself names: that of this front-end, or those it was made for. Empty: all alike.</summary>
    IReadOnlyList<string> OwnSites => LocalSite is { } site ? [site] : [];

    /// <summary>The user's home folder, as a path on this machine. <c>~/.walt</c> and <c>~/.walt-g5k</c> lie in it.</summary>
    string HomeDirectory { get; }

    /// <summary>The clock of this grid. All waits of the core use it, so that the testbed's time may run faster.</summary>
    TimeProvider Time { get; }

    /// <summary>A client whose base address is the API's version root (it ends in <c>/stable/</c>).</summary>
    HttpClient Api { get; }

    /// <summary>Told of each request to the API. May be called from any thread.</summary>
    void OnApiCall(ApiCallRecord call) { }

    /// <summary>
    /// OAR's own REST interface at a site (base address ending in <c>/oarapi/</c>), about nine times faster than its commands for reading; null where
    /// no address is known. Who reads must be ready to go back to the commands.
    /// </summary>
    HttpClient? GetOarApi(string site) => null;

    /// <summary>The front-end of a site. Does not connect: an unknown site is only found by its first use.</summary>
    IFrontend GetFrontend(string site);

    /// <summary>
    /// The shell words that connect another process to this same grid, for an unattended resume: arguments of Connect-G5k,
    /// such as <c>-Testbed -StatePath /…</c> or <c>-Local</c>.
    /// </summary>
    IReadOnlyList<string> ConnectArguments { get; }
}
