using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>A cmdlet that probes the connection to sites.</summary>
public abstract class ConnectionProbeCmdlet : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [NameListConversion]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var probe = new ConnectionProbe(Grid);
        IReadOnlyList<string> sites = Site.Length > 0 ? Site : await GetSitesAsync(cancellationToken).ConfigureAwait(false);
        foreach (Task<ConnectionTest> test in sites.Select(s => probe.RunAsync(s, cancellationToken)).ToList())
            Show(await test.ConfigureAwait(false));
    }

    internal abstract void Show(ConnectionTest test);

    /// <summary>Those that were connected to; else all.</summary>
    async Task<IReadOnlyList<string>> GetSitesAsync(CancellationToken cancellationToken)
    {
        if (Session.Grid is SshGrid { Sites: { Count: > 0 } connected }) return connected;
        if (Session.Grid.LocalSite is { } own) return [own];
        List<string> sites = [];
        await foreach (SiteInfo site in Api.GetSitesAsync(cancellationToken).ConfigureAwait(false)) sites.Add(site.Name);
        return sites;
    }
}
