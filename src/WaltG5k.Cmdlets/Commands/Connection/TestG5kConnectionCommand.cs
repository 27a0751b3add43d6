using System.Management.Automation;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Commands;

/// <summary>Test-G5kConnection: whether each site can be worked with from here; warnings say what gets in the way.</summary>
[Cmdlet(VerbsDiagnostic.Test, "G5kConnection")]
[OutputType(typeof(bool))]
public sealed class TestG5kConnectionCommand : ConnectionProbeCmdlet
{
    internal override void Show(ConnectionTest test)
    {
        foreach (ConnectionFinding finding in test.Findings)
            Post(() => WriteWarning($"{test.Site}: {finding.Title} {finding.Recommendation}".TrimEnd()));
        Write(test is { IsReachable: true, Findings.Count: 0 });
    }
}
