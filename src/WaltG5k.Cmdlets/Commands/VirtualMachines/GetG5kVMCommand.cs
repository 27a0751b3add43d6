using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Get-G5kVM: the virtual machines in jobs, as they stand now.</summary>
[Cmdlet(VerbsCommon.Get, "G5kVM")]
[OutputType(typeof(G5kVM))]
public sealed class GetG5kVMCommand : G5kCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("VM")]
    [SupportsWildcards]
    [G5kVMConversion]
    [ArgumentCompleter(typeof(VMCompleter))]
    public G5kVMRef[] Name { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    public SwitchParameter Orphan { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var sites = new NameFilter(Site);
        if (Orphan)
        {
            var names = new NameFilter([.. Name.Select(n => n.Name)]);
            IReadOnlyList<string> places = await OarAccess.GetSitesAsync(this, Site, cancellationToken).ConfigureAwait(false);
            await OarAccess.AtEachSiteAsync(this, places, async (site, token) =>
            {
                foreach (G5kVM vm in await VMAccess.Open(this).FindOrphansAsync(site, token).ConfigureAwait(false))
                    if (names.Matches(vm.Name)) Write(vm);
            }, cancellationToken).ConfigureAwait(false);
            return;
        }
        G5kVMRef[] wanted = Name.Length > 0 ? Name : [new G5kVMRef("*")];
        foreach (G5kVM vm in await VMAccess.ReadAsync(this, wanted, cancellationToken).ConfigureAwait(false))
            if (sites.Matches(vm.Site)) Write(vm);
    }
}
