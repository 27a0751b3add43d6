using System.Management.Automation;

namespace WaltG5k.Host.Engine;

/// <summary>Drops the objects and passes the rest on.</summary>
sealed class WithoutOutput(IHostStreams next) : IHostStreams
{
    public void Output(object? value) { }
    public void Error(ErrorRecord record) => next.Error(record);
    public void Warning(string message) => next.Warning(message);
    public void Verbose(string message) => next.Verbose(message);
    public void Debug(string message) => next.Debug(message);
    public void Information(InformationRecord record) => next.Information(record);
    public void Progress(ProgressRecord record) => next.Progress(record);
}
