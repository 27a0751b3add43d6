using System.Text.Json;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

public class OarReservationTests
{
    [Fact]
    public async Task An_accepted_reservation_waits_with_its_date_and_its_resources()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-r", lab.In(600), "-l", "{type='kavlan-global'}/vlan=1+/nodes=2,walltime=0:30");
        JsonElement shown = await lab.ShowAsync(job);
        long date = OarLab.Start.AddSeconds(600).ToUnixTimeSeconds();
        Assert.Equal(("Waiting", "Scheduled", "INTERACTIVE", ""),
            (shown.GetProperty("state").GetString()!, shown.GetProperty("reservation").GetString()!,
            shown.GetProperty("jobType").GetString()!, shown.GetProperty("command").GetString()!));
        Assert.Equal((date, date), (shown.GetProperty("startTime").GetInt64(), shown.GetProperty("scheduledStart").GetInt64()));
        Assert.Equal(0, shown.GetProperty("assigned_network_address").GetArrayLength());
        JsonElement reserved = shown.GetProperty("reserved_resources");
        Assert.Equal(2 * 16 + 1, reserved.EnumerateObject().Count());
        Assert.Single(reserved.EnumerateObject(), r => r.Value.GetProperty("network_address").GetString() == "");
    }

    [Fact]
    public async Task It_starts_late_and_its_walltime_is_cut_so_that_it_ends_in_time()
    {
        await using OarLab lab = new OarLab(new FaultSpecification(FaultNames.OarStartsLate, "arles", 1, "39")).Started();
        OarJob job = await lab.SubmitAsync("-t", "deploy", "-r", lab.In(600), "-l", "nodes=2,walltime=0:05");
        lab.Advance(700);
        JsonElement shown = await lab.ShowAsync(job);
        Assert.Equal("Running", shown.GetProperty("state").GetString());
        Assert.Equal(OarLab.Start.AddSeconds(639).ToUnixTimeSeconds(), shown.GetProperty("startTime").GetInt64());
        Assert.Equal(261, shown.GetProperty("walltime").GetInt32());
        Assert.Equal("R=32,W=0:4:21,J=R,T=deploy", shown.GetProperty("message").GetString());
        Assert.Contains("walltime=0:4:21\" ", shown.GetProperty("wanted_resources").GetString(), StringComparison.Ordinal);
        Assert.Equal("Change walltime from 300 to 261", shown.GetProperty("events")[0].GetProperty("description").GetString());
    }

    [Fact]
    public async Task Without_a_fault_it_is_a_few_seconds_late_the_same_ones_for_the_same_seed()
    {
        async Task<long> StartAsync()
        {
            await using OarLab lab = new OarLab().Started();
            OarJob job = await lab.SubmitAsync("-r", lab.In(600), "-l", "nodes=2,walltime=0:05");
            lab.Advance(700);
            return job.Progress.StartTime - OarLab.Start.AddSeconds(600).ToUnixTimeSeconds();
        }
        long late = await StartAsync();
        Assert.InRange(late, 1, 60);
        Assert.Equal(late, await StartAsync());
    }

    [Fact]
    public async Task One_without_a_command_runs_to_its_walltime_and_ends_in_error()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-r", lab.In(60), "-l", "nodes=2,walltime=0:05");
        lab.Advance(60 + 290);
        Assert.Equal("Running", job.State);
        lab.Advance(30);
        Assert.Equal("Error", job.State);
        Assert.Equal("User root requested to frag the job " + job.Id, job.Progress.Events.Single(e => e.Type == "FRAG_JOB_REQUEST").Description);
        Assert.EndsWith("(Elapsed)", job.Progress.Events.Single(e => e.Type == "WALLTIME").Description, StringComparison.Ordinal);
        Assert.Null(job.Progress.ExitCode);
    }

    [Fact]
    public async Task A_taken_slot_is_refused_with_the_next_date_and_leaves_a_job_in_error()
    {
        await using OarLab lab = new OarLab().Started();
        string date = lab.In(600);
        await lab.SubmitAsync("-r", date, "-l", "nodes=30,walltime=1");
        Answer answer = await lab.RunAsync("oarsub", "-J", "-t", "deploy", "-r", date, "-l", "nodes=30,walltime=1");
        Assert.Equal(10, answer.ExitCode);
        string verdict = answer.Lines[^1];
        Assert.Matches(@"^# Reservation not valid --> KO \(This reservation could run at 2026-03-24 11:11:\d\d\)$", verdict);
        JsonElement shown = await lab.ShowAsync(lab.Arles.Jobs[answer.JobId]);
        long asked = OarLab.Start.AddSeconds(600).ToUnixTimeSeconds();
        Assert.Equal(("Error", asked, asked), (shown.GetProperty("state").GetString()!, shown.GetProperty("startTime").GetInt64(),
            shown.GetProperty("stopTime").GetInt64()));
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("walltime").ValueKind);
        Assert.StartsWith("This reservation could run at ", shown.GetProperty("message").GetString(), StringComparison.Ordinal);
        // That date is accepted.
        string offered = verdict.Split(" at ")[1].TrimEnd(')');
        Assert.Equal(0, (await lab.RunAsync("oarsub", "-r", offered, "-l", "nodes=30,walltime=1")).ExitCode);
    }

    [Fact]
    public async Task One_in_the_past_is_too_old()
    {
        await using OarLab lab = new OarLab().Started();
        Answer answer = await lab.RunAsync("oarsub", "-r", lab.In(-3600), "-l", "nodes=1,walltime=0:10");
        Assert.Equal((10, "# Reservation not valid --> KO (Reservation too old)"), (answer.ExitCode, answer.Lines[^1]));
    }

    [Fact]
    public async Task The_third_waiting_one_is_refused_unless_it_starts_within_the_hour()
    {
        await using OarLab lab = new OarLab().Started();
        await lab.SubmitAsync("-r", lab.In(7200), "-l", "nodes=1,walltime=1");
        await lab.SubmitAsync("-r", lab.In(9000), "-l", "nodes=1,walltime=1");
        Answer third = await lab.RunAsync("oarsub", "-r", lab.In(8000), "-l", "nodes=1,walltime=1");
        Assert.Equal((254, "", "[ADMISSION RULE] Error: you cannot have more than 2 waiting advance reservations.\n"),
            (third.ExitCode, third.Output, third.Errors));
        await lab.SubmitAsync("-r", lab.In(600), "-l", "nodes=1,walltime=1");
        Assert.Equal(0, (await lab.RunAsAsync("other", "arles", "", "oarsub", "-r", lab.In(8000), "-l", "nodes=1,walltime=1")).ExitCode);
    }

    [Fact]
    public async Task Now_and_an_end_are_taken_as_newer_versions_do()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob now = await lab.SubmitAsync("-r", "now", "-l", "nodes=1,walltime=1");
        lab.Advance(10);
        Assert.Equal("Running", now.State);
        OarJob until = await lab.SubmitAsync("-r", $"{lab.In(600)}, {lab.In(1500)}", "-l", "nodes=1");
        Assert.Equal(900, until.Walltime);
    }

    [Fact]
    public async Task Dates_are_those_of_Paris()
    {
        await using OarLab lab = new OarLab().Started();
        // 12:00 in Paris is 11:00 UTC in winter; the summer time begins on 29 March.
        OarJob winter = await lab.SubmitAsync("-r", "2026-3-24 12:00:00", "-l", "nodes=1,walltime=1");
        OarJob summer = await lab.SubmitAsync("-r", "2026-03-30 12:00:00", "-l", "nodes=1,walltime=1");
        Assert.Equal(new DateTimeOffset(2026, 3, 24, 11, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), winter.Submission.ReservationDate);
        Assert.Equal(new DateTimeOffset(2026, 3, 30, 10, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), summer.Submission.ReservationDate);
    }

    [Fact]
    public async Task A_lost_node_delays_the_start_by_five_minutes_and_then_is_left_out()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-r", lab.In(60), "-l", "{cluster='argon'}/nodes=8,walltime=0:20");
        lab.World.Nodes["argon-1.arles.grid5000.fr"].OarState = "Absent";
        lab.Advance(120);
        Assert.Equal("Waiting", job.State);
        Assert.True(job.Progress.ScheduledStart > OarLab.Start.AddSeconds(110).ToUnixTimeSeconds(), "the prediction moves");
        lab.Advance(300);
        Assert.Equal(("Running", 7), (job.State, job.Nodes.Count));
        Assert.Equal(["SCHEDULER_REDUCE_NB_NODES_FOR_RESERVATION", "REDUCE_RESERVATION_WALLTIME"], job.Progress.Events.Select(e => e.Type));
        Assert.Equal(900, job.Walltime);
        Assert.Contains("network_address=8", job.WantedResources, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_that_refuses_names_a_date_two_hours_later_or_has_nothing()
    {
        await using OarLab lab = new OarLab(new FaultSpecification(FaultNames.OarRefuses, "arles", 2, null)).Started();
        Answer reservation = await lab.RunAsync("oarsub", "-r", "2026-03-24 12:00:00", "-l", "nodes=1,walltime=1");
        Assert.Equal((10, "# Reservation not valid --> KO (This reservation could run at 2026-03-24 14:00:00)"),
            (reservation.ExitCode, reservation.Lines[^1]));
        Assert.Equal(8, (await lab.RunAsync("oarsub", "-l", "nodes=1,walltime=1", "true")).ExitCode);
        Assert.Equal(0, (await lab.RunAsync("oarsub", "-l", "nodes=1,walltime=1", "true")).ExitCode);
    }
}
