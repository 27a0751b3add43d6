using System.Management.Automation;
using WaltG5k.Core;

namespace WaltG5k.Base;

/// <summary>Where work writes: to a cmdlet's pipeline, or to a job. May be called from any thread.</summary>
internal interface IOutput : IReporter
{
    void Write(object value);
    void WriteError(ErrorRecord error);
}
