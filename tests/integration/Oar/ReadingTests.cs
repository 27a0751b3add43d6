using System.Text.Json;
using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Oar;

/// <summary>The same jobs and resources, by the commands and by REST.</summary>
[Collection(LabCollection.Name)]
public class ReadingTests(OarLab lab)
{
    [LabFact]
    public async Task Rest_and_the_commands_describe_the_same_jobs()
    {
        await using OarTest commands = await lab.OpenOarAsync(rest: false);
        await using OarTest rest = await lab.OpenOarAsync(rest: true);
        await using SchedulerTicker _ = lab.Tick();
        OarJob running = await commands.StartAsync(OarTest.Job("naïve é", "{type='kavlan'}/vlan=1+nodes=2") with { Types = ["deploy"] });
        OarSubmission held = await commands.SubmitAsync(OarTest.Job("held") with { Hold = true, After = [running.Id] });
        OarSubmission ended = await commands.SubmitAsync(OarTest.Job("ended", command: "exit 3"));
        OarSubmission reserved = await commands.SubmitAsync(
            OarTest.Job("reserved", command: null) with { Start = DateTimeOffset.UtcNow.AddHours(3) });
        await commands.EndedAsync(ended.JobId);
        foreach (long id in (long[])[running.Id, held.JobId, ended.JobId, reserved.JobId])
        {
            OarJob one = await commands.GetAsync(id), other = await rest.GetAsync(id);
            // A prediction moves between two looks; the events come in any order.
            Assert.Equal(Text(one), Text(other));
        }
        Assert.Equal(Vlans(await OfAsync(commands, running.Id)), Vlans(await OfAsync(rest, running.Id)));
    }

    [LabFact]
    public async Task Jobs_are_found_by_name_state_user_and_date()
    {
        await using OarTest test = await lab.OpenOarAsync();
        await using OarTest bob = await lab.OpenOarAsync(OarLab.Bob);
        await using SchedulerTicker _ = lab.Tick();
        OarSubmission held = await test.SubmitAsync(OarTest.Job("found") with { Hold = true });
        OarSubmission ended = await test.SubmitAsync(OarTest.Job("found", command: "true"));
        OarSubmission bobs = await bob.SubmitAsync(OarTest.Job("found") with { Hold = true });
        await test.EndedAsync(ended.JobId);
        Assert.Equal([held.JobId], await IdsAsync(test, new OarJobQuery { Name = "found" }));
        Assert.Equal([held.JobId, bobs.JobId], await IdsAsync(test, new OarJobQuery { Name = "found", User = "*" }));
        Assert.Equal([bobs.JobId], await IdsAsync(test, new OarJobQuery { Name = "found", User = OarLab.Bob }));
        Assert.Equal([held.JobId, ended.JobId],
            await IdsAsync(test, new OarJobQuery { Name = "found", Since = DateTimeOffset.UtcNow.AddMinutes(-10) }));
        Assert.Equal([held.JobId], await IdsAsync(test, new OarJobQuery { Name = "found", States = [OarJobState.Hold] }));
        Assert.Equal([held.JobId, bobs.JobId], await IdsAsync(test, new OarJobQuery { JobIds = [held.JobId, 99_999, bobs.JobId] }));
    }

    [LabFact]
    public async Task Resources_are_read_by_host_type_and_property()
    {
        await using OarTest test = await lab.OpenOarAsync();
        List<OarResource> vlans = await ReadAsync(test, new OarResourceQuery { Types = ["kavlan-global"] });
        Assert.Equal(11, Assert.Single(vlans).Vlan);
        List<OarResource> cores = await ReadAsync(test, new OarResourceQuery { Hosts = ["argon-2.arles.grid5000.fr"] });
        Assert.Equal(4, cores.Count);
        Assert.All(cores, c => Assert.Equal(("argon", "Alive"), (c.Cluster, c.State)));
        Assert.Equal(2 * 2, (await ReadAsync(test, new OarResourceQuery { Property = "cluster = 'aster'" })).Count);
        Assert.Equal("InvalidProperty", await OarTest.CodeAsync(() => ReadAsync(test, new OarResourceQuery { Property = "nosuch = 1" })));
        Assert.Equal("HostNotFound", await OarTest.CodeAsync(() => ReadAsync(test, new OarResourceQuery { Hosts = ["nosuch-1.arles.grid5000.fr"] })));
    }

    [LabFact]
    public async Task Fifty_commands_at_once_are_all_answered()
    {
        await using OarTest test = await lab.OpenOarAsync(rest: false);
        OarSubmission made = await test.SubmitAsync(OarTest.Job("busy") with { Hold = true });
        string?[] names = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ => (await test.Oar.GetJobAsync(made.JobId, test.Limit))?.Name));
        Assert.Equal(Enumerable.Repeat("busy", 50), names);
    }

    static string Text(OarJob job) => JsonSerializer.Serialize(job with
    {
        ScheduledAt = null,
        Events = [.. job.Events.OrderBy(e => e.Date).ThenBy(e => e.Type, StringComparer.Ordinal)],
    }, s_indented);

    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    static async Task<IReadOnlyList<OarJobResource>> OfAsync(OarTest test, long id) => await test.Oar.GetResourcesAsync(id, test.Limit);

    static IEnumerable<string?> Vlans(IEnumerable<OarJobResource> resources) => resources.Select(r => r.Vlan ?? r.Host).Order(StringComparer.Ordinal);

    static async Task<List<long>> IdsAsync(OarTest test, OarJobQuery query) =>
        [.. (await test.Oar.GetJobsAsync(query, test.Limit).ToListAsync(test.Limit)).Select(j => j.Id).Order()];

    static async Task<List<OarResource>> ReadAsync(OarTest test, OarResourceQuery query) =>
        await test.Oar.GetResourcesAsync(query, test.Limit).ToListAsync(test.Limit);
}
