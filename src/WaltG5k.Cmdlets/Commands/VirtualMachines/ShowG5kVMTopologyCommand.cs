using System.Diagnostics;
using System.Management.Automation;
using WaltG5k.Core;
using WaltG5k.Core.Storage;
using WaltG5k.Core.VirtualMachines.Graphs;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Commands;

/// <summary>Show-G5kVMTopology: draws a topology into a file, as SVG or for Graphviz.</summary>
[Cmdlet(VerbsCommon.Show, "G5kVMTopology", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ShowG5kVMTopologyCommand : TopologyCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public VMTopology[] InputObject { get; set; } = [];

    [Parameter(Position = 1, ParameterSetName = PathSet)]
    public string? Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Dot { get; set; }

    [Parameter]
    public SwitchParameter Open { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        string given = Path ?? LiteralPath ?? ".";
        string target = await OnPipelineAsync(() => GetUnresolvedProviderPathFromPSPath(given)).ConfigureAwait(false);
        foreach (VMTopology topology in InputObject)
        {
            try
            {
                bool isDot = Dot || System.IO.Path.GetExtension(target).ToLowerInvariant() is ".dot" or ".gv";
                string path = Directory.Exists(target) ? System.IO.Path.Combine(target,
                    $"{(topology.Name.Length > 0 ? topology.Name : "topology")}.{(isDot ? "dot" : "svg")}") : target;
                if (!await ConfirmAsync(path, $"Draw the topology {topology.Name}").ConfigureAwait(false)) continue;
                AtomicFile.Write(path, isDot ? TopologyDot.Write(topology) : TopologySvg.Write(topology));
                Write(new FileInfo(path));
                if (Open) Process.Start(new ProcessStartInfo(path) { UseShellExecute = true })?.Dispose();
            }
            catch (G5kException e) { WriteFailure(e); }
            catch (System.ComponentModel.Win32Exception e) { WriteFailure(Failures.PictureNotOpened(target, e)); }
        }
    }
}
