using WaltG5k.Core.Oar;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Oar;

/// <summary>Every form of submission, and what comes of it.</summary>
[Collection(LabCollection.Name)]
public class SubmissionTests(OarLab lab)
{
    [LabFact]
    public async Task A_deploy_job_gets_its_nodes_and_the_number_of_its_vlan()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await test.StartAsync(OarTest.Job("with-vlan",
            "{type='kavlan'}/vlan=1+{cluster='argon' and eth_count>=2}/nodes=2") with { Types = ["deploy"] });
        Assert.Equal(2, running.Nodes.Count);
        Assert.All(running.Nodes, n => Assert.StartsWith("argon-", n, StringComparison.Ordinal));
        OarJob seen = await test.Oar.GetJobsAsync(new OarJobQuery { JobIds = [running.Id], WithVlans = true }, test.Limit).FirstAsync(test.Limit);
        Assert.InRange(Assert.Single(seen.Vlans!), 4, 9);
    }

    [LabFact]
    public async Task A_passive_job_leaves_its_output_and_its_status()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarSubmission made = await test.SubmitAsync(OarTest.Job("passive", command: "echo out $OAR_JOB_NAME; echo err >&2; exit 3"));
        Assert.Contains(made.Remarks, r => r.Contains("exotic", StringComparison.Ordinal));
        OarJob ended = await test.EndedAsync(made.JobId);
        Assert.Equal((OarJobEnd.Completed, 3), (ended.End, ended.ExitStatus));
        Assert.Equal(["out passive"], await test.Oar.ReadOutputAsync(made.JobId, OarOutputStream.Output, follow: false, cancellationToken: test.Limit)
            .ToListAsync(test.Limit));
        Assert.Equal(["err"], await test.Oar.ReadOutputAsync(made.JobId, OarOutputStream.Error, follow: false, cancellationToken: test.Limit)
            .ToListAsync(test.Limit));
    }

    [LabFact]
    public async Task The_output_is_followed_to_the_end_of_the_job()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await test.StartAsync(OarTest.Job("followed", command: "for i in 1 2 3; do echo $i; sleep 1; done"));
        Assert.Equal(["1", "2", "3"], await test.Oar.ReadOutputAsync(running.Id, OarOutputStream.Output, follow: true, cancellationToken: test.Limit)
            .ToListAsync(test.Limit));
    }

    [LabFact]
    public async Task An_array_gives_all_its_ids()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarSubmission made = await test.SubmitAsync(OarTest.Job("array", command: "true") with { ArrayCount = 3 });
        Assert.Equal([made.JobId, made.JobId + 1, made.JobId + 2], made.JobIds);
        OarJob last = await test.EndedAsync(made.JobIds[2]);
        Assert.Equal((made.JobId, 3), (last.ArrayId, last.ArrayIndex));
        Assert.Equal(3, await test.Oar.GetJobsAsync(new OarJobQuery { ArrayId = made.JobId, Since = DateTimeOffset.UtcNow.AddHours(-1) }, test.Limit)
            .CountAsync(test.Limit));
    }

    [LabFact]
    public async Task Each_line_of_parameters_gives_a_job_of_the_array()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarSubmission made = await test.SubmitAsync(OarTest.Job("lines", command: "echo") with { ArrayParameters = ["one 1", "'two words'"] });
        Assert.Equal(2, made.JobIds.Count);
        await test.EndedAsync(made.JobIds[1]);
        Assert.Equal(["two words"], await test.Oar.ReadOutputAsync(made.JobIds[1], OarOutputStream.Output, follow: false,
            cancellationToken: test.Limit).ToListAsync(test.Limit));
    }

    [LabFact]
    public async Task A_job_waits_for_the_one_it_depends_on()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob first = await test.StartAsync(OarTest.Job("first", command: "sleep 4"));
        OarSubmission second = await test.SubmitAsync(OarTest.Job("second", command: "true") with { After = [first.Id] });
        Assert.Equal([first.Id], (await test.GetAsync(second.JobId)).Dependencies);
        OarJob ended = await test.EndedAsync(second.JobId);
        Assert.True(ended.StartedAt >= (await test.GetAsync(first.Id)).StoppedAt);
    }

    [LabFact]
    public async Task An_inner_job_runs_on_the_nodes_of_its_container()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob container = await test.StartAsync(OarTest.Job("outer", "nodes=2") with { Types = ["container"] });
        OarJob inner = await test.StartAsync(OarTest.Job("inner", walltime: "0:05") with { Types = [$"inner={container.Id}"] });
        Assert.Contains(Assert.Single(inner.Nodes), container.Nodes);
    }

    [LabFact]
    public async Task A_noop_job_only_holds_its_nodes()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await test.StartAsync(OarTest.Job("noop", command: null) with { Types = ["noop"] });
        Assert.Null(running.Command);
        Assert.Single(running.Nodes);
    }

    [LabFact]
    public async Task Of_alternatives_oar_takes_the_one_that_ends_first()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await test.StartAsync(OarTest.Job("moldable", "nodes=1",
            walltime: "0:30") with { Alternatives = ["nodes=2,walltime=0:10"] });
        Assert.Equal((2, TimeSpan.FromMinutes(10)), (running.Nodes.Count, running.Walltime));
    }

    [LabFact]
    public async Task A_besteffort_job_is_killed_for_another()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob weak = await test.StartAsync(OarTest.Job("weak", "{cluster='ambre'}/nodes=4") with { Types = ["besteffort"] });
        Assert.Equal("besteffort", weak.Queue);
        await test.StartAsync(OarTest.Job("strong", "{cluster='ambre'}/nodes=1"));
        Assert.Equal(OarJobEnd.BesteffortKilled, (await test.EndedAsync(weak.Id)).End);
    }

    [LabFact]
    public async Task A_script_brings_its_own_options()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        await lab.AsAsync(OarLab.Arles, OarLab.Alice, "sh", "-c", "printf '#!/bin/sh\\n#OAR -n scanned\\necho scanned\\n' >job.sh; chmod +x job.sh");
        OarSubmission made = await test.SubmitAsync(OarTest.Job("given", command: "./job.sh") with { ScanScript = true });
        Assert.Equal(OarJobEnd.Completed, (await test.EndedAsync(made.JobId)).End);
    }

    [LabFact]
    public async Task Files_folder_project_and_types_arrive_as_given()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarSubmission made = await test.SubmitAsync(OarTest.Job("every option", "slash_22=1+nodes=1", "pwd; sleep 2") with
        {
            Types = ["cosystem", "allow_classic_ssh"],
            Project = "walt",
            Directory = "/tmp",
            StandardOutputFile = "/tmp/waltg5k-%jobid%.out",
            Notify = "exec:/bin/true",
            Properties = "maintenance = 'NO'",
        });
        OarJob job = await test.GetAsync(made.JobId);
        Assert.Equal(("every option", "walt", "/tmp", $"/tmp/waltg5k-{made.JobId}.out"), (job.Name, job.Project, job.Directory, job.OutputFile));
        Assert.Equal(["cosystem", "allow_classic_ssh"], job.Types);
        await test.EndedAsync(made.JobId);
        Assert.Equal(["/tmp"], await test.Oar.ReadOutputAsync(made.JobId, OarOutputStream.Output, follow: false, cancellationToken: test.Limit)
            .ToListAsync(test.Limit));
        await lab.AsAsync(OarLab.Arles, "root", "rm", "-f", $"/tmp/waltg5k-{made.JobId}.out");
    }
}
