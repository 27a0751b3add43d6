using WaltG5k.Core.Deployments;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.NodeSets;
using WaltG5k.Core.Walt;

namespace WaltG5k.Parameters;

/// <summary>A node of a WalT platform by its name there. A wildcard stands for all that match.</summary>
public sealed record WaltNodeRef(string Name)
{
    public override string ToString() => Name;
}

/// <summary>WalT nodes from names, node sets (<c>gros-[1-4]</c>), wildcards, or objects that stand for a node.</summary>
public sealed class WaltNodeConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).SelectMany(ToNodes).ToArray();

    internal static IEnumerable<WaltNodeRef> ToNodes(object item) => item switch
    {
        WaltNodeRef node => [node],
        WaltNodeInfo node => [new WaltNodeRef(node.Name)],
        WaltBootResult result => [new WaltNodeRef(result.Node)],
        NodeCommandResult result => [new WaltNodeRef(result.Name)],
        NodeCommandFold fold => fold.Results.Select(r => new WaltNodeRef(r.Name)),
        WaltBootRecord boot => [new WaltNodeRef(boot.Node)],
        DeploymentNode node => [new WaltNodeRef(node.WaltName)],
        NodeInfo node => [new WaltNodeRef(node.ShortName)],
        DeploymentInfo deployment => deployment.Nodes.Select(n => new WaltNodeRef(n.WaltName)),
        _ => NodeNames.Expand($"{item}").Select(name => new WaltNodeRef(name)),
    };
}
