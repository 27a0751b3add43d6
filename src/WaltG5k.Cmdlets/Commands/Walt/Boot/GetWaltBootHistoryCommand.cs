using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-WaltBootHistory: the boots of this user's nodes, as they were kept.</summary>
[Cmdlet(VerbsCommon.Get, "WaltBootHistory")]
[OutputType(typeof(WaltBootRecord))]
public sealed class GetWaltBootHistoryCommand : G5kCmdlet
{
    readonly List<WaltNodeRef> _references = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Node { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Image { get; set; } = ["*"];

    /// <summary>Only boots of the last hours.</summary>
    [Parameter]
    [DurationConversion]
    public TimeSpan? Within { get; set; }

    /// <summary>Only boots that came to nothing.</summary>
    [Parameter]
    public SwitchParameter Failed { get; set; }

    protected override void ProcessRecord() => _references.AddRange(Node);

    protected override Task EndAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0 && MyInvocation.ExpectingInput) return Task.CompletedTask;   // upstream wrote nothing
        if (Session.Grid.HomeDirectory.Length == 0) throw Failures.NoHomeDirectory();
        var nodes = new NameFilter(_references.Count == 0 ? ["*"] : _references.Select(r => r.Name));
        var images = new NameFilter(Image);
        DateTimeOffset since = Within is { } within ? Session.Grid.Time.GetUtcNow() - within : DateTimeOffset.MinValue;
        foreach (WaltBootRecord boot in new BootHistory(Session.Grid).Read(since))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (nodes.Matches(boot.Node) && images.Matches(boot.Image) && (!Failed || !boot.IsBooted)) Write(boot);
        }
        return Task.CompletedTask;
    }
}
