namespace WaltG5k.Tests.Testbed;

public class OarSubmissionTests
{
    [Fact]
    public async Task A_job_goes_from_waiting_to_running_and_is_shown_like_that()
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarsub", "-J", "-t", "deploy", "-l", "nodes=3,walltime=0:30", "sleep 1800");
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("[ADMISSION RULE] Modify resource description with type constraints", answer.Lines);
        Assert.Contains("# Filtering out exotic resources (aster).", answer.Lines);
        var job = lab.Arles.Jobs[answer.JobId];
        Assert.Equal("Waiting", job.State);
        lab.Advance(10);
        var shown = await lab.ShowAsync(job);
        Assert.Equal("Running", shown.GetProperty("state").GetString());
        Assert.Equal(["ambre-1.arles.grid5000.fr", "ambre-10.arles.grid5000.fr", "ambre-11.arles.grid5000.fr"],
            shown.GetProperty("assigned_network_address").EnumerateArray().Select(e => e.GetString()!));
        Assert.Equal(48, shown.GetProperty("assigned_resources").GetArrayLength());
        Assert.Equal("R=48,W=0:30:0,J=B,T=deploy (Karma=0.000,quota_ok)", shown.GetProperty("message").GetString());
        Assert.Equal("-l \"{type = 'default'}/network_address=3,walltime=0:30:0\" ", shown.GetProperty("wanted_resources").GetString());
    }

    [Fact]
    public async Task A_deleted_job_ends_in_error_within_seconds()
    {
        await using OarLab lab = new OarLab().Started();
        var job = await lab.SubmitAsync("-t", "deploy", "-l", "nodes=1,walltime=1", "sleep 1800");
        lab.Advance(10);
        Answer deleted = await lab.RunAsync("oardel", $"{job.Id}");
        Assert.Equal($"Deleting the job = {job.Id} ...REGISTERED.\nThe job(s) [ {job.Id} ] will be deleted in the near future.", deleted.Output);
        Assert.Equal("Running", job.State);
        lab.Advance(10);
        Assert.Equal("Error", job.State);
        Assert.Equal(["FRAG_JOB_REQUEST", "SEND_KILL_JOB", "SWITCH_INTO_ERROR_STATE"], job.Progress.Events.Select(e => e.Type));
        Assert.Equal("User jdoe requested to frag the job " + job.Id, job.Progress.Events[0].Description);
    }
}
