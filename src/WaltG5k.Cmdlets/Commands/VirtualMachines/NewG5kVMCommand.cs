using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>New-G5kVM: virtual machines, each in an OAR job of its own, ready to log in.</summary>
[Cmdlet(VerbsCommon.New, "G5kVM", SupportsShouldProcess = true)]
[OutputType(typeof(G5kVM))]
public sealed partial class NewG5kVMCommand : OwningCmdlet
{
    // What they are.

    [Parameter(Position = 0)]
    [VMTemplateConversion]
    public VMTemplate[] Template { get; set; } = [];

    [Parameter]
    [NameListConversion]
    public string[] Name { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(VMImageCompleter))]
    public string Image { get; set; } = "debian12";

    [Parameter]
    public DiskStrategy Strategy { get; set; }

    /// <summary>In GiB.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int DiskSize { get; set; }

    [Parameter]
    public SwitchParameter DiskOnNode { get; set; }

    [Parameter]
    public string[] PublicKey { get; set; } = [];

    [Parameter]
    public string? UserData { get; set; }

    [Parameter]
    public string? UserDataPath { get; set; }

    [Parameter]
    public SwitchParameter ShareHome { get; set; }

    [Parameter]
    public string[] QemuArgument { get; set; } = [];

    // How they are connected.

    [Parameter]
    public VMNetwork Network { get; set; }

    [Parameter]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    // Where and for how long.

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Cluster { get; set; } = [];

    [Parameter]
    public string? Property { get; set; }

    [Parameter]
    [WalltimeConversion]
    public Walltime Walltime { get; set; } = new(TimeSpan.FromHours(1));

    [Parameter]
    [OarJobConversion(AllowsNumbers = true, IsSingle = true)]
    [ArgumentCompleter(typeof(JobCompleter))]
    public OarJobRef? Inner { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(QueueCompleter))]
    public string? Queue { get; set; }

    [Parameter]
    public SwitchParameter BestEffort { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        string site = await OarAccess.FindSiteAsync(this, Site ?? Inner?.Site, cancellationToken).ConfigureAwait(false)
            ?? throw Failures.SiteMissing();
        VMService service = VMAccess.Open(this);
        List<VMPlan> accepted = [];
        foreach (VMPlan plan in await service.PlanAsync(await ToRequestAsync(site, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false))
            if (await ConfirmAsync($"{plan.Name} at {site}", plan.CommandLine).ConfigureAwait(false)) accepted.Add(plan);
        var wait = new VMWait(this, $"Making virtual machines at {site}", accepted.Count);
        try { await OarAccess.ForEachAsync(this, accepted, MakeAsync, cancellationToken).ConfigureAwait(false); }
        finally { wait.Complete(); }

        async Task MakeAsync(VMPlan plan, CancellationToken token)
        {
            G5kVM vm = await service.CreateAsync(plan, token).ConfigureAwait(false);
            Own(() => service.RemoveAsync(plan.Name, CancellationToken.None));
            Write(NoWait ? vm : await wait.UntilReadyAsync(plan.Name, Timeout, token).ConfigureAwait(false));
        }
    }
}
