using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-KadeployStatistic: what became of nodes in finished operations, or how often they fail.</summary>
[Cmdlet(VerbsCommon.Get, "KadeployStatistic", DefaultParameterSetName = RecordSet)]
[OutputType(typeof(KadeployStatistic), ParameterSetName = [RecordSet])]
[OutputType(typeof(KadeployFailureRate), ParameterSetName = [RateSet])]
public sealed class GetKadeployStatisticCommand : G5kCmdlet
{
    const string RecordSet = "Record", RateSet = "FailureRate";
    readonly List<string> _nodes = [];
    bool _isAsked;

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public string[] Node { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    public KadeployOperation? Operation { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(WorkflowCompleter))]
    public string? WorkflowId { get; set; }

    [Parameter]
    [DateConversion]
    public DateTimeOffset? Since { get; set; }

    [Parameter]
    [DateConversion]
    public DateTimeOffset? Until { get; set; }

    [Parameter]
    [ValidateRange(0, 1000)]
    public int? MinRetries { get; set; }

    [Parameter]
    [ValidateRange(1, 3)]
    public int[] RetryStep { get; set; } = [];

    [Parameter(ParameterSetName = RecordSet)]
    [ValidateRange(1, int.MaxValue)]
    public int? Maximum { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = RateSet)]
    public SwitchParameter FailureRate { get; set; }

    [Parameter(ParameterSetName = RateSet)]
    [ValidateRange(0.0, 1.0)]
    public double MinFailureRate { get; set; }

    protected override void ProcessRecord()
    {
        // An empty pipeline asks for nothing, not for everything.
        _isAsked = true;
        _nodes.AddRange(Node.SelectMany(NodeNames.Expand));
    }

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!_isAsked) return;
        var wanted = new NameFilter(_nodes);
        IReadOnlyList<string> sites = await OarAccess.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false);
        await OarAccess.AtEachSiteAsync(this, sites, (site, token) => WriteOfSiteAsync(site, wanted, token), cancellationToken).ConfigureAwait(false);
    }

    async Task WriteOfSiteAsync(string site, NameFilter wanted, CancellationToken cancellationToken)
    {
        var history = new KadeployHistory(Grid.GetFrontend(site), this);
        var query = new KadeployStatisticQuery
        {
            Operation = Operation,
            WorkflowId = WorkflowId,
            Since = Since,
            Until = Until,
            MinRetries = MinRetries,
            RetrySteps = RetryStep,
            // What is left out here must not count.
            Maximum = _nodes.Count == 0 ? Maximum : null,
        };
        if (FailureRate)
        {
            foreach (KadeployFailureRate rate in await history.GetFailureRatesAsync(query, MinFailureRate, cancellationToken).ConfigureAwait(false))
            {
                if (Matches(wanted, rate.Node)) Write(rate);
            }
            return;
        }
        int left = Maximum ?? int.MaxValue;
        foreach (KadeployStatistic record in await history.GetAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (left == 0) break;
            if (!Matches(wanted, record.Node)) continue;
            Write(record);
            left--;
        }
    }

    static bool Matches(NameFilter wanted, string node)
    {
        string[] parts = node.Split('.');
        lock (wanted) return wanted.Matches(node, parts[0], parts.Length > 1 ? $"{parts[0]}.{parts[1]}" : node);
    }
}
