using System.Management.Automation;

namespace WaltG5k.Host.Engine;

/// <summary>Counts the errors on their way, for the exit status.</summary>
sealed class CountingStreams(IHostStreams next) : IHostStreams
{
    public int Errors { get; private set; }

    public void Error(ErrorRecord record)
    {
        Errors++;
        next.Error(record);
    }

    public void Output(object? value) => next.Output(value);
    public void Warning(string message) => next.Warning(message);
    public void Verbose(string message) => next.Verbose(message);
    public void Debug(string message) => next.Debug(message);
    public void Information(InformationRecord record) => next.Information(record);
    public void Progress(ProgressRecord record) => next.Progress(record);
}
