using System.Management.Automation;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>New-G5kEnvironment: a description from parameters, or from another environment. Nothing is written or registered.</summary>
[Cmdlet(VerbsCommon.New, "G5kEnvironment", SupportsShouldProcess = true)]
[OutputType(typeof(EnvironmentDescription))]
public sealed class NewG5kEnvironmentCommand : EnvironmentPropertiesCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidatePattern(@"^[A-Za-z0-9][\w.+-]*$")]
    public string Name { get; set; } = "";

    [Parameter(ValueFromPipeline = true)]
    [EnvironmentConversion]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public EnvironmentRef[] Environment { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Environment.Length > 1) throw Failures.OneEnvironmentOnly();
            EnvironmentDescription start = Environment.Length == 0
                ? new EnvironmentDescription(Name) { Author = Grid.User, FileSystem = "ext4", PartitionType = 131,
                Boot = new EnvironmentBoot { Kernel = "/vmlinuz", Initrd = "/initrd.img" }, Architecture = "x86_64" }
                : Copy(await EnvironmentAccess.DescribeAsync(this, Environment[0], Site, cancellationToken).ConfigureAwait(false));
            EnvironmentDescription description = Check(Apply(start));
            if (await ConfirmAsync($"environment {Name}", "Describe").ConfigureAwait(false)) Write(description);
        }
        catch (G5kException e) { WriteFailure(e); }
    }

    /// <summary>What belongs to the other environment alone stays there.</summary>
    EnvironmentDescription Copy(EnvironmentDescription former) => former with
    {
        Name = Name,
        Version = 1,
        Alias = null,
        Owner = null,
        Author = Grid.User,
        Visibility = former.Visibility == EnvironmentVisibility.Public ? EnvironmentVisibility.Private : former.Visibility,
    };
}
