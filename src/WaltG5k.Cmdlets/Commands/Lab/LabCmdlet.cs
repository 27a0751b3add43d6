using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Lab;

namespace WaltG5k.Commands;

/// <summary>A cmdlet about a lab on this machine: no connection is needed.</summary>
public abstract class LabCmdlet : AsyncCmdlet, IOutput
{
    /// <summary>Where the lab is kept; ~/.walt-g5k/lab by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    internal LabFolder Folder => new(Path is null
        ? LabFolder.GetDefault(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile))
        : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path));

    protected override ErrorRecord ToErrorRecord(Exception exception) => Errors.From(exception);

    internal Task<bool> ConfirmAsync(string target, string action) => OnPipelineAsync(() => ShouldProcess(target, action));

    internal void Write(object value) => Post(() => WriteObject(value));

    void IOutput.Write(object value) => Post(() => WriteObject(value));
    void IOutput.WriteError(ErrorRecord error) => Post(() => WriteError(error));
    void IReporter.Verbose(string message) => Post(() => WriteVerbose(message));
    void IReporter.Warning(string message) => Post(() => WriteWarning(message));
    void IReporter.Progress(ProgressUpdate update) => PostProgress(G5kCmdlet.ToRecord(update));
}
