using System.Management.Automation;
using WaltG5k.Core.Walt;
using WaltG5k.Internal;

namespace WaltG5k.Commands;

/// <summary>Test-WaltBootPath: whether all that a boot needs is there; warnings say what is not.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WaltBootPath")]
[OutputType(typeof(bool))]
public sealed class TestWaltBootPathCommand : BootPathCmdlet
{
    internal override void Show(IReadOnlyList<WaltBootCheck> checks)
    {
        foreach (WaltBootCheck check in checks)
        {
            if (check.State is not (WaltBootCheckState.Warning or WaltBootCheckState.Failed)) continue;
            string nodes = check.Nodes.Count > 0 ? $" ({_Format.Nodes(check.Nodes)})" : "";
            Post(() => WriteWarning($"{check.Check}{nodes}: {check.Seen} {check.Recommendation}".TrimEnd()));
        }
        Write(checks.All(c => c.State != WaltBootCheckState.Failed));
    }
}
