using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>A cmdlet over topologies in memory or in files; it needs no connection.</summary>
public abstract class TopologyCmdlet : AsyncCmdlet
{
    internal const string ObjectSet = "Object", PathSet = "Path", LiteralSet = "LiteralPath";

    protected override ErrorRecord ToErrorRecord(Exception exception) => Errors.From(exception);

    internal void Write(object value) => Post(() => WriteObject(value));

    internal void WriteFailure(G5kException failure) => Post(() => WriteError(Errors.From(failure)));

    internal void Warn(string text) => Post(() => WriteWarning(text));

    internal Task<bool> ConfirmAsync(string target, string action) => OnPipelineAsync(() => ShouldProcess(target, action));

    /// <summary>
    /// Reads the files that paths stand for. One that cannot be read is an error, and the others are read; wildcards may match nothing.
    /// </summary>
    internal async Task ReadAsync(string[] paths, bool isLiteral, Action<string, TopologyReading> take, CancellationToken cancellationToken)
    {
        foreach (string path in paths)
        {
            string full = await OnPipelineAsync(() => GetUnresolvedProviderPathFromPSPath(path)).ConfigureAwait(false);
            foreach (string file in FilePaths.Find(full, isLiteral))
            {
                try { take(file, await TopologyFile.ReadAsync(file, cancellationToken).ConfigureAwait(false)); }
                catch (G5kException e) { WriteFailure(e); }
            }
        }
    }
}
