using System.Management.Automation;
using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

public class PipelineTests
{
    [Fact]
    public void Each_object_goes_down_the_pipeline_before_the_next_is_made()
    {
        HostResult result = TestSession.Run("Get-TestMachine 2 -Verbose | Test-Mandatory -Image x -Verbose | Out-Null");
        Assert.Equal(["begin", "m1", "m2", "end"], result.Verbose);
        Assert.Empty(result.Objects);
    }

    [Fact]
    public void First_stops_what_is_before_it_and_completes_what_is_after()
    {
        HostResult result = TestSession.Run("Get-TestMachine 1000 -Verbose | Select-Object -First 2 | Sort-Object Cores -Descending | Test-Input");
        Assert.Equal(["begin", "m1", "m2"], result.Verbose);
        Assert.Equal(["m2/m2/2", "m1/m1/1"], result.Objects);
        Assert.Equal(ExitCode.Success, result.ExitCode);
    }

    [Fact]
    public void An_error_does_not_end_the_cmdlet()
    {
        HostResult result = TestSession.Run("Test-Failure error");
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.Equal("ItFailed,WaltG5k.Tests.Host.TestFailureCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
        Assert.Equal("Test-Failure", error.CategoryInfo.Activity);
        Assert.Equal("node-1", error.TargetObject);
        Assert.Equal("Try again.", error.ErrorDetails!.RecommendedAction);
        Assert.Equal(["after"], result.Objects);
        Assert.Equal(ExitCode.Error, result.ExitCode);
    }

    [Theory]
    [InlineData("terminating", "ItFailed,")]
    [InlineData("throw", "System.InvalidOperationException,")]
    public void A_terminating_error_ends_its_statement_only(string way, string id)
    {
        HostResult result = TestSession.Run($"Get-TestMachine 5 | Test-Failure {way}; Test-Binding");
        Assert.StartsWith(id, Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Equal(["ByName"], result.Objects);
        Assert.Equal(ExitCode.Error, result.ExitCode);
    }

    [Fact]
    public void ErrorAction_Stop_ends_everything_and_keeps_the_record()
    {
        HostResult result = TestSession.Run("Get-TestMachine 5 | Test-Failure error -ErrorAction Stop; Test-Binding");
        Assert.StartsWith("ItFailed,", Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Empty(result.Objects);
        Assert.Equal(ExitCode.Error, result.ExitCode);
    }

    [Theory]
    [InlineData("SilentlyContinue")]
    [InlineData("Ignore")]
    public void An_error_that_was_asked_to_be_silent_does_not_count(string action)
    {
        HostResult result = TestSession.Run($"Test-Failure -ErrorAction {action}");
        Assert.Empty(result.Errors);
        Assert.Equal(["after"], result.Objects);
        Assert.Equal(ExitCode.Success, result.ExitCode);
    }

    [Fact]
    public void Warnings_honour_their_action()
    {
        Assert.Equal(["careful"], TestSession.Run("Test-Failure warning").Warnings);
        Assert.Empty(TestSession.Run("Test-Failure warning -WarningAction SilentlyContinue").Warnings);
        Assert.Equal("careful", Assert.Single(TestSession.Run("Test-Failure warning -wa Stop").Errors).ToString());
    }

    [Fact]
    public void Writing_from_another_thread_is_refused() =>
        Assert.Equal(["PSInvalidOperationException"], TestSession.Run("Test-Failure thread").Objects);

    [Fact]
    public void WhatIf_says_so_and_does_nothing()
    {
        HostResult result = TestSession.Run("Remove-TestThing a,b -WhatIf");
        Assert.Empty(result.Objects);
        Assert.Equal(["What if: Performing the operation \"Remove\" on target \"a\".",
            "What if: Performing the operation \"Remove\" on target \"b\"."], result.HostLines);
    }

    [Theory]
    [InlineData("Remove-TestThing a,b", "y n", "removed a")]
    [InlineData("Remove-TestThing a,b", "A", "removed a|removed b")]
    [InlineData("Remove-TestThing a,b", "L", "")]
    [InlineData("Remove-TestThing a,b -Confirm:$false", "", "removed a|removed b")]
    [InlineData("Remove-TestThing a -Confirm:$false -Ask", "n", "")]
    [InlineData("Remove-TestThing a -Confirm:$false -Ask", "y", "removed a")]
    public void High_impact_is_asked_about(string pipeline, string answers, string expected)
    {
        HostResult result = TestSession.Run(pipeline, answers.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join('|', result.Objects));
    }

    [Fact]
    public void A_question_that_nobody_answers_is_an_error_that_says_what_to_do()
    {
        HostResult result = TestSession.Run("Remove-TestThing a");
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith("CannotPrompt,", error.FullyQualifiedErrorId);
        Assert.Contains("-Confirm:$false", error.ErrorDetails!.RecommendedAction);
        Assert.Empty(result.Objects);
    }

    [Fact]
    public async Task Cancelling_stops_every_command_at_once()
    {
        using HostSession session = TestSession.New();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        HostResult result = await Task.Run(() => session.Invoke("Wait-TestForever; Test-Binding", stop.Token)).WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(["started"], result.Objects);
        Assert.Empty(result.Errors);
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
    }

    [Fact]
    public void An_unknown_command_is_found_before_anything_runs()
    {
        HostResult result = TestSession.Run("Get-TestMachine; Get-TestMachin");
        Assert.Empty(result.Objects);
        Assert.Contains("Did you mean Get-TestMachine?", Assert.Single(result.Errors).ToString());
        Assert.Equal(ExitCode.Usage, result.ExitCode);
    }

    [Theory]
    [InlineData("Get-TestMachine 5 | Where-Object Cores -gt 3 | Select-Object -ExpandProperty Name", "m4|m5")]
    [InlineData("Get-TestMachine 5 | Where-Object Name -eq M2 | Select-Object -ExpandProperty Cores", "2")]
    [InlineData("Get-TestMachine 5 | ? Site -like nan* | select -ExpandProperty Name", "m2|m4")]
    [InlineData("Get-TestMachine 5 | Where-Object Name -in m1,m5 | Select-Object -ExpandProperty Name", "m1|m5")]
    [InlineData("Get-TestMachine 5 | Where-Object Name -match '[12]$' | Select-Object -ExpandProperty Name", "m1|m2")]
    [InlineData("Get-TestMachine 4 | Sort-Object Site,Cores -Descending | Select-Object -ExpandProperty Name", "m3|m1|m4|m2")]
    [InlineData("Get-TestMachine 5 | Select-Object -Last 2 | Select-Object -ExpandProperty Name", "m4|m5")]
    [InlineData("Get-TestMachine 5 | Select-Object -Skip 1 -First 2 | Select-Object -ExpandProperty Name", "m2|m3")]
    [InlineData("Get-TestMachine 5 | Select-Object -First 1 -Last 1 | Select-Object -ExpandProperty Name", "m1|m5")]
    [InlineData("Get-TestMachine 5 | Select-Object -First 0", "")]
    [InlineData("Get-TestMachine 5 | Measure-Object", "5")]
    [InlineData("Get-TestMachine 4 | Measure-Object Cores | Select-Object -ExpandProperty Sum", "10")]
    public void Filters_do_what_they_do_in_PowerShell(string pipeline, string expected)
    {
        HostResult result = TestSession.Run(pipeline);
        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join('|', result.Objects));
    }

    [Fact]
    public void The_session_waits_for_its_jobs_and_passes_on_what_they_wrote()
    {
        HostResult result = TestSession.Run("Start-TestJob | Out-Null");
        Assert.Equal(new Machine("job", 1), Assert.Single(result.Objects));
        Assert.Equal("job failed", Assert.Single(result.Errors).ToString());
        Assert.Equal(ExitCode.Error, result.ExitCode);
    }

    [Fact]
    public async Task Cancelling_stops_the_jobs_too()
    {
        using HostSession session = TestSession.New();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        HostResult result = await Task.Run(() => session.Invoke("Start-TestJob -Endless", stop.Token)).WaitAsync(TimeSpan.FromSeconds(5));
        Job job = Assert.IsType<TestJob>(Assert.Single(result.Objects));
        Assert.Equal(("Job1", JobState.Stopped), (job.Name, job.JobStateInfo.State));
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
    }

    [Fact]
    public void Cmdlets_are_disposed_however_they_end()
    {
        var log = new List<string>();
        using HostSession session = new(new HostOptions
        {
            CommandAssemblies = [typeof(TestSession).Assembly],
            Variables = new Dictionary<string, object?> { [DisposalTestCommand.Log] = log },
        });
        session.Invoke("Test-Disposal | Select-Object -First 1; Test-Disposal | Test-Failure terminating; Test-Disposal");
        Assert.Equal(["disposed", "disposed", "disposed"], log);
    }

    [Fact]
    public void Preference_variables_hold_where_no_parameter_says_otherwise()
    {
        using HostSession session = new(new HostOptions
        {
            CommandAssemblies = [typeof(TestSession).Assembly],
            Variables = new Dictionary<string, object?> { ["ErrorActionPreference"] = "SilentlyContinue", ["ConfirmPreference"] = "None" },
        });
        Assert.Empty(session.Invoke("Test-Failure").Errors);
        Assert.Single(session.Invoke("Test-Failure -ErrorAction Continue").Errors);
        Assert.Equal(["removed a"], session.Invoke("Remove-TestThing a").Objects);
    }
}
