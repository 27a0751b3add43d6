using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-WaltLog: lines of the platform's log, past or as they come.</summary>
[Cmdlet(VerbsCommon.Get, "WaltLog", DefaultParameterSetName = HistorySet)]
[OutputType(typeof(WaltLogLine))]
public sealed class GetWaltLogCommand : WaltCmdlet
{
    const string HistorySet = "History", FirstSet = "First", TailSet = "Tail", FollowSet = "Follow";
    readonly List<WaltDeviceRef> _issuers = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "Node")]
    [SupportsWildcards]
    [WaltDeviceConversion]
    [ArgumentCompleter(typeof(WaltDeviceCompleter))]
    public WaltDeviceRef[] Issuer { get; set; } = [];

    [Parameter]
    [LogMomentConversion]
    [ArgumentCompleter(typeof(CheckpointCompleter))]
    public LogMoment? From { get; set; }

    [Parameter(ParameterSetName = HistorySet)]
    [Parameter(ParameterSetName = FirstSet)]
    [Parameter(ParameterSetName = TailSet)]
    [LogMomentConversion]
    [ArgumentCompleter(typeof(CheckpointCompleter))]
    public LogMoment? To { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Stream { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Pattern { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = FirstSet)]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = TailSet)]
    [Alias("Last")]
    [ValidateRange(1, 1_000_000)]
    public int Tail { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = FollowSet)]
    public SwitchParameter Follow { get; set; }

    protected override void ProcessRecord() => _issuers.AddRange(Issuer);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_issuers.Count == 0 && MyInvocation.ExpectingInput) return;     // upstream wrote nothing
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            if (await LogSelection.ToQueryAsync(walt.Server, Session, _issuers, From, To, Stream, Pattern, this, cancellationToken)
                .ConfigureAwait(false) is not { } query) return;
            if (Tail > 0)
            {
                await WriteTailAsync(walt, query, cancellationToken).ConfigureAwait(false);
                return;
            }
            int written = 0;
            IAsyncEnumerable<WaltLogLine> lines = Follow
                ? walt.Server.FollowLogsAsync(query, cancellationToken)
                : walt.Server.GetLogsAsync(query, cancellationToken);
            await foreach (WaltLogLine line in lines.ConfigureAwait(false))
            {
                Write(line);
                if (++written == First) break;
            }
        }
    }

    /// <summary>Reads backwards, so that little more than what is shown is read.</summary>
    async Task WriteTailAsync(WaltAccess walt, WaltLogQuery query, CancellationToken cancellationToken)
    {
        List<WaltLogLine> newest = [];
        await foreach (WaltLogLine line in walt.Server.GetLogsAsync(query with { NewestFirst = true }, cancellationToken).ConfigureAwait(false))
        {
            newest.Add(line);
            if (newest.Count == Tail) break;
        }
        newest.Reverse();
        foreach (WaltLogLine line in newest) Write(line);
    }
}
