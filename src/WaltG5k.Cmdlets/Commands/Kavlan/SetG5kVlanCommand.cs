using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kavlan;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Set-G5kVlan: puts nodes into a VLAN, or one of their adapters, and makes sure that they are there.</summary>
[Cmdlet(VerbsCommon.Set, "G5kVlan", SupportsShouldProcess = true)]
[OutputType(typeof(KavlanNodeResult))]
public sealed class SetG5kVlanCommand : G5kCmdlet
{
    readonly List<G5kNodeRef> _references = [];

    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Vlan")]
    [ValidatePattern("^(DEFAULT|[0-9]{1,4})$")]
    [ArgumentCompleter(typeof(VlanCompleter))]
    public string Id { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [Alias("Name")]
    [G5kNodeConversion]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public G5kNodeRef[] Node { get; set; } = [];

    [Parameter]
    [ValidatePattern("^eth[0-9]{1,2}$")]
    [ArgumentCompleter(typeof(AdapterCompleter))]
    public string? Adapter { get; set; }

    [Parameter]
    public KavlanWay Method { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Retries { get; set; } = 2;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => _references.AddRange(Node);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        string vlan = Id.ToUpperInvariant();
        IReadOnlyList<string> nodes = await NodeLookup.ResolveAsync(this, _references, cancellationToken).ConfigureAwait(false);
        string what = vlan == KavlanClient.DefaultVlan ? "Put it back into the default network" : $"Put it into VLAN {vlan}";
        List<string> addresses = [];
        foreach (string address in nodes.Select(AddressOf))
            if (await ConfirmAsync(address, what).ConfigureAwait(false)) addresses.Add(address);
        await OarAccess.ForEachAsync(this, addresses.GroupBy(KadeployNodes.SiteOf), (site, token) => AttachAsync(site.Key, vlan, [.. site], token),
            cancellationToken).ConfigureAwait(false);
    }

    async Task AttachAsync(string site, string vlan, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        IReadOnlyList<KavlanNodeResult> results = await new KavlanService(Grid, site, Method)
            .AttachAsync(vlan, addresses, null, Retries + 1, cancellationToken).ConfigureAwait(false);
        foreach (KavlanNodeResult result in results)
        {
            if (PassThru) Write(result);
            if (!result.IsAttached) WriteFailure(Failures.VlanNotSet(result, vlan, site));
        }
    }

    /// <summary>gros-1.nancy.grid5000.fr is the main adapter; the second is gros-1-eth1.nancy.grid5000.fr.</summary>
    string AddressOf(string node) => Adapter is null || node.Split('.')[0].Contains("-eth", StringComparison.Ordinal)
        ? node : node.Insert(node.IndexOf('.', StringComparison.Ordinal), $"-{Adapter.ToLowerInvariant()}");
}
