using System.Management.Automation;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Commands;

/// <summary>Export-G5kVMTopology: a topology into a file, as vm5k's XML, JSON or a data file of PowerShell.</summary>
[Cmdlet(VerbsData.Export, "G5kVMTopology", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportG5kVMTopologyCommand : TopologyCmdlet
{
    readonly HashSet<string> _written = new(StringComparer.Ordinal);

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public VMTopology[] InputObject { get; set; } = [];

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    public string Path { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = "";

    [Parameter]
    public TopologyFormat? Format { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        string given = ParameterSetName == PathSet ? Path : LiteralPath;
        string target = await OnPipelineAsync(() => GetUnresolvedProviderPathFromPSPath(given)).ConfigureAwait(false);
        foreach (VMTopology topology in InputObject)
        {
            try { await ExportAsync(topology, target).ConfigureAwait(false); }
            catch (G5kException e) { WriteFailure(e); }
        }
    }

    async Task ExportAsync(VMTopology topology, string target)
    {
        TopologyFormat format = Format ?? TopologyText.FormatOf(target) ?? TopologyFormat.Psd1;
        // A folder gets a file for each topology.
        string path = Directory.Exists(target) ? System.IO.Path.Combine(target,
            $"{(topology.Name.Length > 0 ? topology.Name : "topology")}.{format.ToString().ToLowerInvariant()}") : target;
        if (!_written.Add(path)) throw Failures.TopologyFileTwice(topology.Name, path);
        if (File.Exists(path) && !Force) throw Failures.TopologyFileExists(path);
        if (!await ConfirmAsync(path, $"Write the topology {topology.Name}").ConfigureAwait(false)) return;
        TopologyFile.Write(path, topology, format);
        Write(new FileInfo(path));
    }
}
