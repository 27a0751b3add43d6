using System.Management.Automation;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Host;

namespace WaltG5k.Tests.Kadeploy.Deploying;

/// <summary>Deploy-G5kNode as a user types it, on the testbed, with faults.</summary>
public sealed class DeployOnTestbedTests
{
    static HostSession Open(params string[] faults)
    {
        var session = new HostSession();
        string fault = faults.Length == 0 ? "" : " -Fault " + string.Join(',', faults.Select(f => $"'{f}'"));
        Run(session, $"Connect-G5k -Testbed -Speed 0 -Force{fault}");
        return session;
    }

    static HostResult Run(HostSession session, string line)
    {
        HostResult result = session.Invoke(line);
        Assert.True(result.Errors.Count == 0, $"{line}: {string.Join("; ", result.Errors)}");
        return result;
    }

    static void Hold(HostSession session, string site, int count, string cluster) =>
        Run(session,
        $"Submit-OarJob 'sleep 7200' -Site {site} -NodeCount {count} -Cluster {cluster} -Deploy -Walltime 3:00 -Name job-{site} | Wait-OarJob -For Running");

    static KadeployResult[] Results(HostResult result) => [.. result.Objects.OfType<KadeployResult>()];

    [Fact]
    public void A_dead_node_is_replaced_and_the_good_ones_are_kept()
    {
        using HostSession session = Open("kadeploy-fails:gros-10.nancy.grid5000.fr");
        Hold(session, "nancy", 4, "gros");
        HostResult result =
            session.Invoke("Get-OarJob -Name job-nancy | Deploy-G5kNode -Environment debian12-min -NodeCount 3 -Retries 1 -Confirm:$false");
        Assert.Empty(result.Errors);
        KadeployResult[] results = Results(result);
        Assert.Equal(4, results.Length);
        KadeployResult dead = Assert.Single(results, r => !r.IsOk);
        Assert.Equal(("gros-10.nancy.grid5000.fr", "gros-101.nancy.grid5000.fr", 2), (dead.Node, dead.ReplacedBy, dead.Attempts));
        Assert.All(results.Where(r => r.IsOk), r => Assert.Equal(1, r.Attempts));
    }

    [Theory]
    [InlineData("SetDeploymentMiniOS")]
    [InlineData("BroadcastEnv")]
    [InlineData("BootNewEnv")]
    public void A_node_may_fail_in_each_macro_step_and_the_others_are_kept(string macroStep)
    {
        using HostSession session = Open($"kadeploy-step-fails:gros-10.nancy.grid5000.fr={macroStep}");
        Hold(session, "nancy", 3, "gros");
        HostResult result =
            session.Invoke("Get-OarJob -Name job-nancy | Deploy-G5kNode -Environment debian12-min -NoKexec -NodeCount 2 -Retries 1 -Confirm:$false");
        Assert.Empty(result.Errors);
        KadeployResult dead = Assert.Single(Results(result), r => !r.IsOk);
        Assert.StartsWith(macroStep, dead.MacroStep, StringComparison.Ordinal);
        Assert.Equal(("gros-10.nancy.grid5000.fr", 2, "gros-100.nancy.grid5000.fr"), (dead.Node, dead.Attempts, dead.ReplacedBy));
        Assert.Equal(["gros-1.nancy.grid5000.fr", "gros-100.nancy.grid5000.fr"],
            Results(result).Where(r => r.IsOk).Select(r => r.Node).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_workflow_that_never_ends_is_stopped_and_its_good_nodes_are_kept()
    {
        using HostSession session = Open("kadeploy-never-ends:nancy");
        Hold(session, "nancy", 2, "gros");
        HostResult result =
            session.Invoke("Get-OarJob -Name job-nancy | Deploy-G5kNode -Environment debian12-min -Retries 0 -Timeout 900 -Confirm:$false");
        Assert.Equal(2, Results(result).Length);
        Assert.Equal(Results(result).Count(r => !r.IsOk), result.Errors.Count);
    }

    [Fact]
    public void All_nodes_may_fail_and_each_is_a_result_and_an_error()
    {
        using HostSession session = Open("site-dead:nancy");
        Hold(session, "nancy", 2, "gros");
        HostResult result =
            session.Invoke("Get-OarJob -Name job-nancy | Deploy-G5kNode -Environment debian12-min -Retries 0 -MinNodes 1 -Confirm:$false");
        Assert.Equal(2, Results(result).Count(r => r is { IsOk: false, Status: KadeployNodeStatus.Failed }));
        Assert.Equal(2, result.Errors.Count(e => e.FullyQualifiedErrorId.StartsWith("NodeNotDeployed", StringComparison.Ordinal)));
        Assert.Single(result.Errors, e => e.FullyQualifiedErrorId.StartsWith("TooFewNodes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_front_end_is_found_again()
    {
        using HostSession session = Open("frontend-lost:kadeploy3*1=120");
        Hold(session, "nancy", 2, "gros");
        HostResult result = session.Invoke("Get-OarJob -Name job-nancy | Deploy-G5kNode -Environment debian12-min -Confirm:$false");
        Assert.Empty(result.Errors);
        Assert.Equal(2, Results(result).Count(r => r.IsOk));
        Assert.Contains(result.Warnings, w => w.Contains("goes on there", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_end_in_time_is_stopped_and_told()
    {
        using HostSession session = Open();
        Hold(session, "nancy", 1, "gros");
        HostResult result =
            session.Invoke("Get-OarJob -Name job-nancy | Deploy-G5kNode -Environment debian12-min -Retries 0 -Timeout 100 -Confirm:$false");
        KadeployResult late = Assert.Single(Results(result));
        Assert.Equal(KadeployNodeStatus.TimedOut, late.Status);
        Assert.Equal("NodeNotDeployed", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        // Kadeploy has let go of the node: it can be deployed again.
        Assert.All(Results(Run(session, "Get-OarJob -Name job-nancy | Deploy-G5kNode -Environment debian12-min -Confirm:$false")),
            r => Assert.True(r.IsOk));
    }

    [Fact]
    public void Two_sites_go_together_and_one_may_refuse()
    {
        using HostSession session = Open();
        Hold(session, "nancy", 1, "gros");
        HostResult result = session.Invoke("Deploy-G5kNode gros-1.nancy,parasilo-1.rennes -Environment debian12-min -Confirm:$false");
        Assert.Equal(["gros-1.nancy.grid5000.fr"], Results(result).Where(r => r.IsOk).Select(r => r.Node));
        Assert.Equal(KadeployNodeStatus.Refused, Results(result).Single(r => !r.IsOk).Status);
        Assert.Equal("NodeRightsMissing", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void A_script_gets_the_nodes_and_its_status_counts()
    {
        using HostSession session = Open();
        Hold(session, "nancy", 1, "gros");
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sh");
        File.WriteAllText(file, "cat $KADEPLOY_OK_NODES\nexit 3\n");
        try
        {
            HostResult result =
                session.Invoke($"Get-OarJob -Name job-nancy | Deploy-G5kNode -Environment debian12-min -Script '{file}' -Confirm:$false");
            Assert.True(Assert.Single(Results(result)).IsOk);
            ErrorRecord error = Assert.Single(result.Errors);
            Assert.StartsWith("DeploymentScriptFailed", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("status 3", $"{error}", StringComparison.Ordinal);
            Assert.Contains("gros-1.nancy.grid5000.fr", $"{error}", StringComparison.Ordinal);
        }
        finally { File.Delete(file); }
    }

    [Fact]
    public void A_plan_tells_the_commands_and_sends_nothing()
    {
        using HostSession session = Open();
        Hold(session, "nancy", 2, "gros");
        HostResult result =
            Run(session, "Get-OarJob -Name job-nancy | Deploy-G5kNode -Environment debian12-min -Step @{ BootNewEnvKexec = 300 } -WhatIf");
        Assert.Empty(Results(result));
        Assert.Contains(result.HostLines, l => l.Contains("BootNewEnv|BootNewEnvKexec:0:300", StringComparison.Ordinal)
            && l.Contains("gros-[1,10].nancy.grid5000.fr", StringComparison.Ordinal));
    }
}
