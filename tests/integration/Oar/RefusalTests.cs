using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Oar;

/// <summary>Bad input: each a clear error with what to do, and nothing left behind.</summary>
[Collection(LabCollection.Name)]
public class RefusalTests(OarLab lab)
{
    public static TheoryData<string, string, string, string?> Requests => new()
    {
        { "an unknown property", "SubmissionRefused", "{nosuchproperty='x'}/nodes=1", null },
        { "bad SQL", "SubmissionRefused", "{cluster = }/nodes=1", null },
        { "more nodes than there are", "NoResource", "{cluster='argon'}/nodes=9", null },
        { "more VLANs than there are", "NoResource", "{type='kavlan-global'}/vlan=2", null },
        { "no such cluster", "NoResource", "{cluster='xenon'}/nodes=1", null },
        { "a count that is no number", "SubmissionRefused", "nodes=abc", null },
        { "an unknown type", "SubmissionRefused", "nodes=1", "nosuchtype" },
        { "cores of a deploy job", "SubmissionRefused", "core=1", "deploy" },
        { "an inner job without its container", "SubmissionRefused", "nodes=1", "inner=99999" },
    };

    [LabTheory]
    [MemberData(nameof(Requests))]
    public async Task What_oar_cannot_take_is_refused(string what, string code, string resources, string? type)
    {
        await using OarTest test = await lab.OpenOarAsync();
        OarJobRequest request = OarTest.Job("refused", resources) with { Types = type is null ? [] : [type] };
        Assert.Equal((what, code), (what, await OarTest.CodeAsync(() => test.SubmitAsync(request))));
        Assert.Empty(await test.Oar.FindJobsAsync(OarLab.Alice, "refused", test.Limit));
    }

    [LabFact]
    public async Task A_queue_that_does_not_exist_is_refused()
    {
        await using OarTest test = await lab.OpenOarAsync();
        Assert.Equal("SubmissionRefused", await OarTest.CodeAsync(() => test.SubmitAsync(OarTest.Job("refused") with { Queue = "noqueue" })));
    }

    [LabFact]
    public async Task A_reservation_whose_time_is_over_is_refused()
    {
        await using OarTest test = await lab.OpenOarAsync();
        OarJobRequest past = OarTest.Job("past", command: null) with { Start = DateTimeOffset.UtcNow.AddHours(-2) };
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() => test.SubmitAsync(past));
        Assert.Equal("ReservationRefused", e.Code);
        Assert.Contains("too old", e.Message, StringComparison.Ordinal);
        Assert.Empty(await test.Oar.FindJobsAsync(OarLab.Alice, "past", test.Limit));
    }

    [LabFact]
    public async Task A_date_that_is_just_over_is_taken_and_cuts_the_walltime()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await test.StartAsync(OarTest.Job("just-over", command: null) with { Start = DateTimeOffset.UtcNow.AddMinutes(-5) });
        Assert.InRange(running.Walltime!.Value.TotalMinutes, 14, 15);
    }

    [LabFact]
    public async Task Jobs_of_others_unknown_ones_and_those_of_another_site_are_told_apart_from_ours()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using OarTest bob = await lab.OpenOarAsync(OarLab.Bob);
        OarSubmission foreign = await bob.SubmitAsync(OarTest.Job("foreign") with { Hold = true });
        OarSubmission own = await test.SubmitAsync(OarTest.Job("own") with { Hold = true });
        await using OarTest brest = await lab.OpenOarAsync(site: OarLab.Brest);

        Assert.False(await test.Oar.DeleteAsync(foreign.JobId, test.Limit));
        Assert.False(await test.Oar.DeleteAsync(99_999, test.Limit));
        Assert.False(await brest.Oar.DeleteAsync(own.JobId, test.Limit));
        Assert.Equal("NotJobOwner", await OarTest.CodeAsync(() => test.Oar.ResumeAsync(foreign.JobId, test.Limit)));
        Assert.Equal("JobNotFound", await OarTest.CodeAsync(() => test.Oar.ResumeAsync(99_999, test.Limit)));
        Assert.Equal("NotJobOwner", await OarTest.CodeAsync(() => test.Oar.SignalAsync(foreign.JobId, "SIGUSR1", test.Limit)));
        Assert.Equal("JobNotFound", await OarTest.CodeAsync(() => test.Oar.SignalAsync(99_999, "SIGUSR1", test.Limit)));
        Assert.Equal("JobNotRunning", await OarTest.CodeAsync(() => test.Oar.SignalAsync(own.JobId, "SIGUSR1", test.Limit)));
        Assert.Equal("JobNotFound", await OarTest.CodeAsync(() => brest.Oar.WaitRunningAsync(own.JobId, OarTest.Soon, null, test.Limit)));
        Assert.Null(await brest.Oar.GetJobAsync(own.JobId, test.Limit));
        Assert.Equal(OarLab.Bob, (await test.GetAsync(foreign.JobId)).Owner);
    }
}
