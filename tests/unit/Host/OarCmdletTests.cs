using System.Globalization;
using System.Management.Automation;
using WaltG5k.Core.Oar;
using WaltG5k.Host;
using WaltG5k.Parameters;

namespace WaltG5k.Tests.Host;

/// <summary>The OAR cmdlets in real pipelines on the embedded testbed.</summary>
public sealed class OarCmdletTests : IDisposable
{
    readonly HostSession _session = new(new HostOptions { Variables = new Dictionary<string, object?> { ["ConfirmPreference"] = "None" } });

    public OarCmdletTests() => Connect();

    public void Dispose() => _session.Dispose();

    /// <summary>Where the clock jumps nothing depends on how busy this machine is, and nobody else has jobs.</summary>
    void Connect(string arguments = "-Speed 0") => Assert.Empty(_session.Invoke($"Connect-G5k -Testbed {arguments} -Force").Errors);

    IReadOnlyList<T> Run<T>(string pipeline)
    {
        HostResult result = _session.Invoke(pipeline);
        Assert.True(result.Errors.Count == 0, $"{pipeline}: {string.Join("; ", result.Errors)}");
        return [.. result.Objects.Cast<T>()];
    }

    OarJob RunJob(string pipeline) => Assert.Single(Run<OarJob>(pipeline));

    ErrorRecord Fail(string pipeline, string id, ErrorCategory category)
    {
        ErrorRecord error = Assert.Single(_session.Invoke(pipeline).Errors);
        Assert.StartsWith($"{id},", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.NotNull(error.TargetObject);
        Assert.NotEmpty(error.ErrorDetails!.RecommendedAction);
        return error;
    }

    void AssertNothingLeft() => Assert.Empty(Run<OarJob>("Get-OarJob"));

    [Fact]
    public void A_job_is_submitted_awaited_and_read()
    {
        OarJob job = RunJob("Submit-OarJob 'echo one; echo two' -Site nancy -Walltime 0:10 -Name talk | Wait-OarJob");
        Assert.Equal((OarJobState.Terminated, OarJobEnd.Completed, 0), (job.State, job.End, job.ExitStatus));
        Assert.Equal(["one", "two"], Run<OarOutputLine>($"Get-OarJobOutput nancy:{job.Id}").Select(l => l.Text));
        Assert.Equal(["two"], Run<OarOutputLine>($"Get-OarJobOutput {job.Id} -Site nancy -Tail 1").Select(l => $"{l}"));
        Assert.Equal("talk", Assert.Single(Run<OarJob>("Get-OarJob -Name ta* -State Terminated")).Name);
        AssertNothingLeft();
    }

    [Fact]
    public void An_array_is_a_job_for_each_member()
    {
        IReadOnlyList<OarJob> jobs = Run<OarJob>("Submit-OarJob 'sleep 3600' -Site rennes -ArrayCount 3");
        Assert.Equal(3, jobs.Select(j => j.Id).Distinct().Count());
        Assert.All(jobs, j => Assert.Equal(jobs[0].Id, j.ArrayId));
        Assert.Equal(3, Run<OarJob>("Get-OarJob -Site rennes | Stop-OarJob -PassThru").Count(j => j.End == OarJobEnd.Deleted));
        AssertNothingLeft();
    }

    [Fact]
    public void A_held_job_starts_when_it_is_resumed()
    {
        OarJob job = RunJob("Submit-OarJob 'sleep 3600' -Site nancy -Hold");
        Assert.Equal(OarJobState.Hold, job.State);
        Assert.Contains("Resume-OarJob", job.WaitReason, StringComparison.Ordinal);
        Assert.Equal(OarJobState.Hold, RunJob($"Suspend-OarJob nancy:{job.Id} -PassThru").State);
        Assert.Equal(OarJobState.Running, RunJob($"Resume-OarJob nancy:{job.Id} -PassThru | Wait-OarJob -For Running").State);
        Fail($"Resume-OarJob nancy:{job.Id}", "JobNotInState", ErrorCategory.InvalidOperation);
    }

    [Fact]
    public void A_reservation_has_a_date_and_a_VLAN()
    {
        DateTimeOffset date = Run<G5kSession>("Connect-G5k -Testbed -Speed 0 -Force")[0].ConnectedAt.AddHours(2);
        string start = string.Create(CultureInfo.InvariantCulture, $"{date:yyyy-MM-dd HH:mm:ss zzz}");
        OarJob job = RunJob($"Submit-OarJob -Site nancy -NodeCount 2 -Cluster gros -Vlan Local -Deploy -Start '{start}' | Get-OarJob -IncludeVlan");
        Assert.True(job.IsReservation);
        Assert.Equal(OarJobState.Waiting, job.State);
        Assert.Single(job.Vlans!);
        Assert.Equal(date, job.PredictedStart!.Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void The_walltime_of_a_running_job_changes()
    {
        OarJob job = RunJob("Submit-OarJob 'sleep 7200' -Site nancy -Walltime 1:00 | Wait-OarJob -For Running");
        OarWalltimeStatus status = Assert.Single(Run<OarWalltimeStatus>($"Update-OarJob nancy:{job.Id} -Walltime '+0:30'"));
        Assert.Equal(OarWalltimeOutcome.Granted, status.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(90), status.Walltime);
        Fail($"Update-OarJob nancy:{job.Id} '+100:00'", "WalltimeChangeRefused", ErrorCategory.InvalidOperation);
    }

    [Fact]
    public void Resources_are_found_by_node_type_and_property()
    {
        Assert.All(Run<OarResource>("Get-OarResource gros-1.nancy, gros-2.nancy.grid5000.fr"),
            r => Assert.Contains(r.Host!.Split('.')[0], (string[])["gros-1", "gros-2"]));
        Assert.Equal(3, Run<OarResource>("Get-OarResource -Site nancy -Type kavlan-local").Count);
        Assert.All(Run<OarResource>("Get-OarResource -Site nancy -Property \"cluster = 'gros'\" | Select-Object -First 5"),
            r => Assert.Equal("gros", r.Cluster));
        Fail("Get-OarResource gros-9999.nancy", "NodeNotFound", ErrorCategory.ObjectNotFound);
        Fail("Get-OarResource -Site nancy -Property 'nosuch > 1'", "InvalidProperty", ErrorCategory.InvalidArgument);
    }

    [Theory]
    [InlineData("-Property 'nosuch > 1'", "SubmissionRefused", ErrorCategory.InvalidArgument)]
    [InlineData("-SqlProperty 'nosuch > 1'", "SubmissionRefused", ErrorCategory.InvalidArgument)]
    [InlineData("-NodeCount 5000", "NoResource", ErrorCategory.ResourceUnavailable)]
    [InlineData("-Cluster nosuch", "NoResource", ErrorCategory.ResourceUnavailable)]
    [InlineData("-Type nosuch", "SubmissionRefused", ErrorCategory.InvalidArgument)]
    [InlineData("-Queue nosuch", "SubmissionRefused", ErrorCategory.InvalidArgument)]
    [InlineData("-ResourceRequest 'nodes=abc'", "SubmissionRefused", ErrorCategory.InvalidArgument)]
    [InlineData("-Subnet /30", "InvalidSubnet", ErrorCategory.InvalidArgument)]
    [InlineData("-Signal NOTHING", "InvalidSignal", ErrorCategory.InvalidArgument)]
    [InlineData("-Deploy -CoreCount 1", "SubmissionRefused", ErrorCategory.InvalidArgument)]
    [InlineData("-Inner 1", "SubmissionRefused", ErrorCategory.InvalidArgument)]
    [InlineData("-Start '2001-01-01 10:00'", "StartInThePast", ErrorCategory.InvalidArgument)]
    [InlineData("-After rennes:5", "JobOfOtherSite", ErrorCategory.InvalidArgument)]
    [InlineData("-Notify 'exec:rm $HOME'", "SubmissionRefused", ErrorCategory.InvalidArgument)]
    [InlineData("-ScriptPath /tmp/x.sh", "ConflictingParameters", ErrorCategory.InvalidArgument)]
    [InlineData("-ArrayCount 2 -ArrayParameter a,b", "ConflictingParameters", ErrorCategory.InvalidArgument)]
    public void A_bad_request_is_refused_and_leaves_nothing(string arguments, string id, ErrorCategory category)
    {
        Fail($"Submit-OarJob 'sleep 60' -Site nancy {arguments}", id, category);
        AssertNothingLeft();
    }

    [Theory]
    [InlineData("-NodeCount 0")]
    [InlineData("-NodeCount -3")]
    [InlineData("-Walltime 1:99")]
    [InlineData("-Start someday")]
    [InlineData("-After nancy")]
    [InlineData("-ArrayCount 0")]
    [InlineData("-CheckpointBefore 0")]
    public void A_bad_parameter_is_refused_by_its_name(string arguments)
    {
        ErrorRecord error = Assert.Single(_session.Invoke($"Submit-OarJob 'sleep 60' -Site nancy {arguments}").Errors);
        Assert.StartsWith("ParameterArgument", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(arguments.Split(' ')[0][1..], error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_needs_a_site_and_something_to_do()
    {
        Assert.StartsWith("SiteMissing,", Assert.Single(_session.Invoke("Submit-OarJob 'sleep 60'").Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal);
        Assert.StartsWith("CommandMissing,", Assert.Single(_session.Invoke("Submit-OarJob -Site nancy").Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal);
        Fail("Submit-OarJob 'sleep 60' -Site nowhere", "SiteNotFound", ErrorCategory.ObjectNotFound);
        Fail("Get-OarJob -Site nowhere", "SiteNotFound", ErrorCategory.ObjectNotFound);
    }

    [Theory]
    [InlineData("Get-OarJob {0}")]
    [InlineData("Wait-OarJob {0}")]
    [InlineData("Stop-OarJob {0}")]
    [InlineData("Stop-OarJob {0} -Signal SIGUSR1")]
    [InlineData("Suspend-OarJob {0}")]
    [InlineData("Resume-OarJob {0}")]
    [InlineData("Update-OarJob {0} '+1:00'")]
    [InlineData("Get-OarJobOutput {0}")]
    [InlineData("Enter-OarJob {0}")]
    public void An_unknown_job_is_not_found(string command) =>
        Fail(string.Format(CultureInfo.InvariantCulture, command, "nancy:99"), "JobNotFound", ErrorCategory.ObjectNotFound);

    [Fact]
    public void An_unknown_job_does_not_keep_the_others_back()
    {
        OarJob job = RunJob("Submit-OarJob -Noop -Site nancy");
        HostResult result = _session.Invoke($"Get-OarJob nancy:99, nancy:{job.Id}, rennes:98");
        Assert.Equal([job.Id], result.Objects.Cast<OarJob>().Select(j => j.Id));
        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, e => Assert.IsType<OarJobRef>(e.TargetObject));
    }

    [Fact]
    public void A_job_of_another_site_is_named()
    {
        OarJob job = RunJob("Submit-OarJob -Noop -Site rennes");
        ErrorRecord error = Fail($"Get-OarJob nancy:{job.Id}", "JobNotFound", ErrorCategory.ObjectNotFound);
        Assert.Contains($"rennes:{job.Id}", error.ToString(), StringComparison.Ordinal);
        Assert.Equal($"Get-OarJob rennes:{job.Id}", error.ErrorDetails!.RecommendedAction);
        Fail($"Get-OarJob {job.Id}", "JobSiteMissing", ErrorCategory.InvalidArgument);
        Assert.Single(Run<OarJob>($"Get-OarJob {job.Id} -Site rennes"));
    }

    [Theory]
    [InlineData("Stop-OarJob")]
    [InlineData("Stop-OarJob -Signal SIGUSR1")]
    [InlineData("Suspend-OarJob")]
    [InlineData("Update-OarJob '-0:10'")]
    [InlineData("Enter-OarJob")]
    public void A_foreign_job_is_left_alone(string command)
    {
        Connect("-Speed 60");
        OarJob foreign = RunJob("Get-OarJob -Site nancy -User * | Select-Object -First 1 | Wait-OarJob -For Running");
        string[] words = command.Split(' ', 2);
        Fail($"{words[0]} nancy:{foreign.Id} {(words.Length > 1 ? words[1] : "")}", "NotJobOwner", ErrorCategory.PermissionDenied);
        Assert.Equal(OarJobState.Running, RunJob($"Get-OarJob nancy:{foreign.Id}").State);
    }

    [Fact]
    public void A_wait_has_a_limit()
    {
        RunJob("Submit-OarJob -Noop -Site nancy -Hold -Name held");
        Fail("Get-OarJob -Name held | Wait-OarJob -Timeout 60", "JobWaitTimeout", ErrorCategory.OperationTimeout);
    }

    [Fact]
    public void A_job_that_ends_while_its_start_is_awaited_is_an_error()
    {
        OarJob job = RunJob("Submit-OarJob -Noop -Site nancy -Hold | Stop-OarJob -PassThru");
        Assert.Equal(OarJobEnd.Deleted, job.End);
        Fail($"Wait-OarJob nancy:{job.Id} -For Running", "JobEnded", ErrorCategory.OperationStopped);
        Assert.Equal(job.Id, RunJob($"Wait-OarJob nancy:{job.Id}").Id);
    }

    [Theory]
    [InlineData("Submit-OarJob 'sleep 60' -Site nancy -NodeCount 2 -WhatIf", "oarsub -l /nodes=2,walltime=01:00:00 'sleep 60'")]
    [InlineData("Get-OarJob -Name kept | Stop-OarJob -WhatIf", "Delete")]
    [InlineData("Get-OarJob -Name kept | Stop-OarJob -Signal USR1 -WhatIf", "Send SIGUSR1")]
    [InlineData("Get-OarJob -Name kept | Suspend-OarJob -WhatIf", "Hold")]
    [InlineData("Get-OarJob -Name kept | Resume-OarJob -WhatIf", "Resume")]
    [InlineData("Get-OarJob -Name kept | Update-OarJob -Walltime '+1:00' -WhatIf", "+01:00:00")]
    [InlineData("Enter-OarJob -Site nancy -WhatIf", "oarsub -I")]
    public void WhatIf_says_what_would_be_done_and_does_nothing(string pipeline, string expected)
    {
        OarJob before = RunJob("Submit-OarJob -Noop -Site nancy -Name kept | Wait-OarJob -For Running");
        HostResult result = _session.Invoke(pipeline);
        Assert.Empty(result.Errors);
        Assert.Contains(expected, Assert.Single(result.HostLines), StringComparison.Ordinal);
        OarJob after = RunJob("Get-OarJob");
        Assert.Equal((before.Id, OarJobState.Running, before.Walltime, before.Events.Count),
            (after.Id, after.State, after.Walltime, after.Events.Count));
    }

    [Fact]
    public void Verbose_shows_the_commands() =>
        Assert.Contains(_session.Invoke("Submit-OarJob -Noop -Site nancy -Verbose").Verbose,
        v => v.StartsWith("testbed nancy: oarsub ", StringComparison.Ordinal));
}
