using System.Management.Automation;
using WaltG5k.Completers;
using WaltG5k.Lab.Images;

namespace WaltG5k.Commands;

/// <summary>New-WaltLabImage: makes small Debian images for the nodes of a lab.</summary>
[Cmdlet(VerbsCommon.New, "WaltLabImage", SupportsShouldProcess = true)]
[OutputType(typeof(LabImage))]
public sealed class NewWaltLabImageCommand : LabCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(LabImageCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Debian packages beyond the least that a node needs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Package { get; set; } = [];

    [Parameter]
    [ValidatePattern("^[a-z]+$")]
    public string Suite { get; set; } = "bookworm";

    [Parameter]
    [ValidatePattern("^(https?|file)://")]
    public string Mirror { get; set; } = "http://deb.debian.org/debian";

    /// <summary>Makes an image anew.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string name in Name)
        {
            LabImageRequest request = new(name) { Suite = Suite, Mirror = Mirror, Packages = Package, Force = Force };
            if (!await ConfirmAsync(name, $"Make an image of Debian {Suite} from {Mirror}").ConfigureAwait(false)) continue;
            Write(await new LabImageBuilder(Folder, this).BuildAsync(request, cancellationToken).ConfigureAwait(false));
        }
    }
}
