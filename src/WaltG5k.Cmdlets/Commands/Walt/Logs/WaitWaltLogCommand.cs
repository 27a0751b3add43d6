using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Internal;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>From whom a line is waited for.</summary>
public enum WaltLogWaitMode
{
    /// <summary>Any one of the issuers.</summary>
    Any,
    /// <summary>Each of them.</summary>
    All,
}

/// <summary>Wait-WaltLog: until a line is printed, by any node or by each.</summary>
[Cmdlet(VerbsLifecycle.Wait, "WaltLog")]
[OutputType(typeof(WaltLogLine))]
public sealed class WaitWaltLogCommand : WaltWaitingCmdlet
{
    const int ProgressId = 0x67356b21;
    readonly List<WaltDeviceRef> _references = [];

    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Pattern { get; set; } = "";

    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "Node")]
    [SupportsWildcards]
    [WaltDeviceConversion]
    [ArgumentCompleter(typeof(WaltDeviceCompleter))]
    public WaltDeviceRef[] Issuer { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Stream { get; set; }

    [Parameter]
    public WaltLogWaitMode Mode { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan? TimeMargin { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    internal override string JobSubject => Pattern;

    protected override void ProcessRecord() => _references.AddRange(Issuer);

    internal override Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0 && MyInvocation.ExpectingInput) return Task.FromResult(false);   // upstream wrote nothing
        FindWalt();
        return Task.FromResult(true);
    }

    internal override async Task WorkAsync(IOutput output, CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt(output);
        await using (walt.ConfigureAwait(false))
        {
            WaltDeviceRef[] issuers = _references.Count > 0 ? [.. _references] : [new WaltDeviceRef("my-nodes")];
            LogMoment? from = TimeMargin is { } margin ? LogMoment.Before(margin) : null;
            WaltLogQuery? query = await LogSelection.ToQueryAsync(walt.Server, Session, issuers, from, null, Stream, Pattern, output,
                cancellationToken).ConfigureAwait(false);
            if (query is null) return;
            HashSet<string> missing = [.. query.Issuers];
            Show(output, 0, missing.Count);
            try
            {
                await foreach (WaltLogLine line in walt.Server.WaitForLogsAsync(query, Mode == WaltLogWaitMode.All, Timeout, cancellationToken)
                    .ConfigureAwait(false))
                {
                    output.Write(line);
                    if (Mode == WaltLogWaitMode.Any) return;
                    missing.Remove(line.Issuer);
                    Show(output, query.Issuers.Count - missing.Count, query.Issuers.Count);
                }
            }
            finally { output.Progress(new ProgressUpdate(ProgressId, Activity, "Done") { Completed = true }); }
            if (Mode == WaltLogWaitMode.Any) output.WriteError(Errors.From(Failures.LogLineMissing(_Format.Nodes(query.Issuers), Pattern, Timeout)));
            else foreach (string issuer in query.Issuers.Where(missing.Contains)) output.WriteError(
                Errors.From(Failures.LogLineMissing(issuer, Pattern, Timeout)));
        }
    }

    string Activity => $"Waiting for '{Pattern}'";

    void Show(IOutput output, int seen, int all) => output.Progress(new ProgressUpdate(
        ProgressId, Activity, Mode == WaltLogWaitMode.All
        ? $"printed by {seen} of {all}"
        : $"from any of {all}") { Percent = Mode == WaltLogWaitMode.All && all > 0 ? seen * 100 / all : -1 });
}
