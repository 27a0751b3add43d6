using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-WaltNode: nodes as the WalT server knows them.</summary>
[Cmdlet(VerbsCommon.Get, "WaltNode", DefaultParameterSetName = AllSet)]
[OutputType(typeof(WaltNodeInfo))]
public sealed class GetWaltNodeCommand : WaltCmdlet
{
    const string AllSet = "All", MineSet = "Mine", FreeSet = "Free";

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [WaltNodeConversion]
    [ArgumentCompleter(typeof(WaltNodeCompleter))]
    public WaltNodeRef[] Name { get; set; } = [];

    [Parameter(ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = MineSet)]
    public SwitchParameter Mine { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = FreeSet)]
    public SwitchParameter Free { get; set; }

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Image { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    public string[] Model { get; set; } = [];

    [Parameter]
    public SwitchParameter Booted { get; set; }

    [Parameter]
    public SwitchParameter Virtual { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            NameFilter images = new(Image), models = new(Model);
            foreach (WaltNodeInfo node in await walt.ResolveAsync(Name, this, cancellationToken).ConfigureAwait(false))
            {
                bool isWanted = (!Mine || node.Owner == walt.Server.User) && (!Free || node.Owner is null)
                    && Agrees(nameof(Booted), Booted, node.IsBooted) && Agrees(nameof(Virtual), Virtual, node.IsVirtual)
                    && images.Matches(node.Image, new WaltImageInfo(node.Image).Name) && models.Matches(node.Model);
                if (isWanted) Write(node);
            }
        }
    }

    /// <summary><c>-Booted</c> wants booted nodes, <c>-Booted:$false</c> the others, and without either both are wanted.</summary>
    bool Agrees(string parameter, bool wanted, bool actual) => !MyInvocation.BoundParameters.ContainsKey(parameter) || wanted == actual;
}
