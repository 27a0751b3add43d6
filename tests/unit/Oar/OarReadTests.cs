using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public sealed class OarReadTests : IDisposable
{
    readonly ScriptedFrontend _frontend = new("arles");
    readonly OarClient _oar;

    public OarReadTests() => _oar = new OarClient(_frontend, new ManualTime());

    public void Dispose() => _frontend.Dispose();

    static OarJob Read(string sample) => Assert.Single(OarJobReader.Read("arles", RecordedCommand.Read($"oar/{sample}.txt").Output));

    [Fact]
    public void A_running_job()
    {
        OarJob job = Read("job-running-kavlan");
        Assert.Equal(("arles", 100008, OarJobState.Running, "oaruser1", "default"), (job.Site, job.Id, job.State, job.Owner, job.Queue));
        Assert.Null(job.Name);
        Assert.Equal("sleep 1200", job.Command);
        Assert.Equal(["deploy"], job.Types);
        Assert.Equal(TimeSpan.FromMinutes(20), job.Walltime);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795158238), job.StartedAt);
        Assert.Equal(job.StartedAt + job.Walltime, job.EndsAt);
        Assert.Null(job.StoppedAt);
        Assert.Null(job.ExitCode);
        Assert.False(job.IsReservation);
        Assert.Equal(["argon-1.arles.grid.test", "argon-10.arles.grid.test", "argon-11.arles.grid.test"], job.Nodes);
        Assert.StartsWith("-l \"{type='kavlan'}/vlan=1+", job.WantedResources, StringComparison.Ordinal);
        Assert.EndsWith("walltime=0:20:0\"", job.WantedResources, StringComparison.Ordinal);
    }

    [Fact]
    public void A_waiting_reservation_has_its_date_and_no_nodes()
    {
        OarJob job = Read("reservation-waiting");
        Assert.Equal(OarJobState.Waiting, job.State);
        Assert.True(job.IsReservation);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795158162), job.StartedAt);
        Assert.Empty(job.Nodes);
        Assert.Equal("", job.Command);
    }

    [Fact]
    public void A_late_reservation_tells_its_shorter_walltime()
    {
        OarJob job = Read("reservation-running-late");
        Assert.Equal(TimeSpan.FromSeconds(261), job.Walltime);
        Assert.Equal("REDUCE_RESERVATION_WALLTIME", Assert.Single(job.Events).Type);
    }

    [Fact]
    public void What_is_not_known_yet_is_null()
    {
        OarJob job = Read("job-waiting-not-yet-scheduled");
        Assert.Null(job.Walltime);
        Assert.Null(job.ScheduledAt);
        Assert.Null(job.StartedAt);
        Assert.Null(job.EndsAt);
    }

    [Fact]
    public void A_noop_job_has_no_command() => Assert.Null(Read("job-running-noop").Command);

    [Fact]
    public void The_exit_code_is_a_wait_status() => Assert.Equal(768, Read("job-terminated-exit-3").ExitCode);

    [Fact]
    public void Text_is_UTF_8() => Assert.Contains("é", Read("job-waiting-utf8").Name + Read("job-waiting-utf8").Command, StringComparison.Ordinal);

    [Fact]
    public void Events_come_in_their_order()
    {
        IReadOnlyList<OarJobEvent> events = Read("reservation-client-killed").Events;
        Assert.Equal(events.OrderBy(e => e.Date).Select(e => e.Date), events.Select(e => e.Date));
        Assert.Equal("CANNOT_NOTIFY_OARSUB", events[0].Type);
    }

    [Theory]
    [MemberData(nameof(Cultures.Hostile), MemberType = typeof(Cultures))]
    public void Reading_does_not_depend_on_the_culture(string culture)
    {
        OarJob job = Cultures.Run(culture, () => Read("job-running-kavlan"));
        Assert.Equal(OarJobState.Running, job.State);
        Assert.Equal(TimeSpan.FromMinutes(20), job.Walltime);
        Assert.Equal("-1:0", Cultures.Run(culture, () => Walltime.TryParse("-1:0", out _) ? "read" : "-1:0"));
        Assert.Equal("01:30:00", Cultures.Run(culture, () => Walltime.Parse("1:30").ToString()));
    }

    [Theory]
    [InlineData("Waiting", OarJobState.Waiting)]
    [InlineData("toLaunch", OarJobState.ToLaunch)]
    [InlineData("toAckReservation", OarJobState.ToAckReservation)]
    [InlineData("terminated", OarJobState.Terminated)]
    [InlineData("Hibernating", OarJobState.Unknown)]
    [InlineData("7", OarJobState.Unknown)]
    [InlineData(null, OarJobState.Unknown)]
    public void States_are_known_by_name_only(string? text, OarJobState expected) => Assert.Equal(expected, OarJobReader.ReadState(text));

    [Fact]
    public void Lines_of_start_up_files_may_stand_before_and_after()
    {
        string output = "Welcome {guest}\n{ not json\n" + RecordedCommand.Read("oar/reservation-refused.txt").Output + "bye }\n";
        Assert.Equal(100006, Assert.Single(OarJobReader.Read("arles", output)).Id);
    }

    [Fact]
    public void Unknown_keys_and_values_of_other_kinds_are_passed_over()
    {
        OarJob job = Assert.Single(OarJobReader.Read("arles",
            """{"9":{"state":"Running","new":{"a":[1]},"walltime":"60","types":"deploy","events":null,"name":5,"startTime":null,"owner":null}}"""));
        Assert.Equal((9, OarJobState.Running, "5", ""), (job.Id, job.State, job.Name, job.Owner));
        Assert.Equal(TimeSpan.FromMinutes(1), job.Walltime);
        Assert.Empty(job.Types);
    }

    [Fact]
    public void An_answer_that_was_cut_is_an_error()
    {
        string whole = RecordedCommand.Read("oar/job-error-walltime.txt").Output;
        G5kException e = Assert.Throws<G5kException>(() => OarJobReader.Read("arles", whole[..(whole.Length * 3 / 4)]));
        Assert.Equal("OarOutputUnreadable", e.Code);
    }

    [Fact]
    public async Task An_unknown_job_is_null()
    {
        _frontend.Expect("oarstat -J -f -j 99999").ReturnsRecorded("oar/oarstat-unknown-job.txt");
        Assert.Null(await _oar.GetJobAsync(99999));
    }

    [Fact]
    public async Task A_database_that_is_down_is_an_error()
    {
        _frontend.Expect("oarstat -J -f -j 1").ReturnsRecorded("oar/database-down-oarstat.txt");
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() => _oar.GetJobAsync(1));
        Assert.Equal("OarUnavailable", e.Code);
        Assert.Contains("DB connection error", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_are_found_by_name()
    {
        _frontend.Expect("oarstat -J -f -u jdoe")
            .Returns("""{"1":{"Job_Id":1,"name":"a","owner":"jdoe","state":"Error"},"2":{"Job_Id":2,"name":"b","owner":"jdoe","state":"Running"},"3":{"Job_Id":3,"name":"a","owner":"jdoe","state":"Running","walltime":60}}""");
        OarJob job = Assert.Single(await _oar.FindJobsAsync("jdoe", "a")); // the other one has just ended
        Assert.Equal((3, TimeSpan.FromSeconds(60)), (job.Id, job.Walltime));
    }

    [Fact]
    public async Task No_job_is_no_answer()
    {
        _frontend.Expect("oarstat -J -f -u jdoe").ReturnsRecorded("oar/oarstat-unknown-job.txt");
        Assert.Empty(await _oar.FindJobsAsync("jdoe"));
    }

    [Fact]
    public async Task Resources_are_cores_with_their_host()
    {
        _frontend.Expect("oarstat -p -j 100001").ReturnsRecorded("oar/oarstat-properties.txt");
        IReadOnlyList<OarJobResource> resources = await _oar.GetResourcesAsync(100001);
        Assert.Equal(4, resources.Count);
        Assert.Equal("ambre-1.arles.grid.test", resources[0].Host);
        Assert.Null(resources[0].Vlan);
        Assert.Null(resources[0].VlanType);
        Assert.Equal(("4", "3", "Fake Server ambre"),
            (resources[0].Properties["eth_count"], resources[0].Properties["eth_kavlan_count"], resources[0].Properties["nodemodel"]));
    }

    [Fact]
    public void A_VLAN_is_a_resource_without_host()
    {
        OarJobResource vlan = OarResourceReader.Read(" host = '' , type = 'kavlan-global' , network_address = '' , vlan = '14' , cpu = '' ")!;
        Assert.Equal((null, "14", "kavlan-global"), (vlan.Host, vlan.Vlan, vlan.VlanType));
    }

    [Fact]
    public void Quotes_inside_values_are_kept()
    {
        OarJobResource resource = OarResourceReader.Read(" comment = 'it's 'odd', isn't' , cpu = '1' , network_address = 'a-1.s.fr' ")!;
        Assert.Equal(("it's 'odd', isn't", "1", "a-1.s.fr"), (resource.Properties["comment"], resource.Properties["cpu"], resource.Host));
    }

    [Fact]
    public void Other_lines_are_no_resources() => Assert.Null(OarResourceReader.Read("Welcome to fnancy"));
}
