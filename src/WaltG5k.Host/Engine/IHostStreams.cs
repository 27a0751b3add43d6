using System.Management.Automation;

namespace WaltG5k.Host.Engine;

/// <summary>Where a pipeline's streams end. Called on the pipeline thread only.</summary>
interface IHostStreams
{
    void Output(object? value);
    void Error(ErrorRecord record);
    void Warning(string message);
    void Verbose(string message);
    void Debug(string message);
    void Information(InformationRecord record);
    void Progress(ProgressRecord record);
}
