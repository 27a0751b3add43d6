using System.Management.Automation;
using WaltG5k.Core.Walt;

namespace WaltG5k.Commands;

/// <summary>Get-WaltBootPath: all that a boot needs, and what is there.</summary>
[Cmdlet(VerbsCommon.Get, "WaltBootPath")]
[OutputType(typeof(WaltBootCheck))]
public sealed class GetWaltBootPathCommand : BootPathCmdlet
{
    internal override void Show(IReadOnlyList<WaltBootCheck> checks)
    {
        foreach (WaltBootCheck check in checks) Write(check);
    }
}
