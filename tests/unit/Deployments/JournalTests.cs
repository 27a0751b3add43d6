using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Storage;

namespace WaltG5k.Tests.Deployments;

public sealed class JournalTests : IDisposable
{
    readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("waltg5k-journal-").FullName, "2026-03-24--09-00-00");

    static readonly DeploymentRequest s_request = new()
    {
        Reserve = new ReservationRequest
        {
            NodeCounts = new Dictionary<string, int> { ["nancy"] = 3, ["rennes"] = 2 },
            ServerSite = "nancy",
            Vlan = VlanKind.Global,
            Walltime = new Walltime(TimeSpan.FromMinutes(90)),
            Start = ReservationStart.At(new DateTimeOffset(2026, 3, 24, 20, 0, 0, TimeSpan.FromHours(1))),
        },
        MinNodes = 4,
    };

    static readonly PlannedStep[] s_steps =
        [new("reserve", "Reserve", [], TimeSpan.FromSeconds(20)), new("job.nancy", "Wait", ["reserve"], TimeSpan.FromSeconds(5))];

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, true);

    void Write(params JournalEntry[] entries)
    {
        using DeploymentJournal journal = DeploymentJournal.Open(_folder, TimeProvider.System);
        foreach (JournalEntry entry in entries) journal.Append(entry);
    }

    static JournalEntry Created => new()
        { Created = new CreatedPart(DeploymentJournal.Format, "2026-03-24--09-00-00", s_request, "two-sites", s_steps) };

    [Theory]
    [InlineData("now")]
    [InlineData("night")]
    [InlineData("first")]
    [InlineData("max")]
    public void Gives_back_every_kind_of_start(string kind)
    {
        ReservationStart start = kind switch { "night" => ReservationStart.Night, "first" => ReservationStart.First, "max" => ReservationStart.Max,
            _ => ReservationStart.Now };
        Write(new JournalEntry { Created = new CreatedPart(DeploymentJournal.Format, "2026-03-24--09-00-00",
            s_request with { Reserve = s_request.Reserve! with { Start = start } }, "two-sites", s_steps) });
        Assert.Equal(start, JournalReader.Read(_folder).Created.Request!.Reserve!.Start);
    }

    [Fact]
    public void Gives_back_the_request_and_the_facts_it_was_given()
    {
        var reservation = new Reservation("walt-x")
        {
            Jobs = [new ReservationJob("nancy", 42) { State = OarJobState.Running, Walltime = TimeSpan.FromMinutes(90),
                Nodes = ["gros-1.nancy.grid5000.fr"], HoldsServer = true, HoldsVlan = true }],
            ServerSite = "nancy",
            Vlan = VlanKind.Global,
            Walltime = new Walltime(TimeSpan.FromMinutes(90)),
        };
        Write(Created, new JournalEntry { Facts = new DeploymentFacts { Reservation = reservation, MayRelease = true, VlanId = 14 } });

        JournalReader read = JournalReader.Read(_folder);

        Assert.Equal("two-sites", read.Created.Recipe);
        Assert.Equal(s_request.Reserve!.NodeCounts, read.Created.Request!.Reserve!.NodeCounts);
        Assert.Equal(s_request.Reserve.Start, read.Created.Request!.Reserve.Start);
        Assert.Equal(s_request.Reserve.Walltime, read.Created.Request!.Reserve.Walltime);
        Assert.Equal(4, read.Created.Request!.MinNodes);
        Assert.Equal(14, read.Facts.VlanId);
        ReservationJob job = Assert.Single(read.Facts.Reservation!.Jobs);
        Assert.Equal((OarJobState.Running, 42L, true), (job.State, job.JobId, job.HoldsServer));
        Assert.Equal("gros-1.nancy.grid5000.fr", Assert.Single(job.Nodes));
    }

    [Fact]
    public void A_last_line_that_a_crash_left_unfinished_is_ignored_and_cut_off()
    {
        Write(Created, new JournalEntry { Step = new StepPart("reserve", StepState.Running, 1) });
        File.AppendAllText(DeploymentJournal.PathIn(_folder), """{"at":"2026-03-24T09:00:01+00:00","step":{"na""");

        Assert.Equal(StepState.Running, JournalReader.Read(_folder).Steps["reserve"].State);
        Write(new JournalEntry { Step = new StepPart("reserve", StepState.Done, 1) });
        Assert.Equal(StepState.Done, JournalReader.Read(_folder).Steps["reserve"].State);
    }

    [Theory]
    [InlineData("not json\n")]
    [InlineData("{\"step\":{\"name\":\"reserve\",\"state\":\"NoSuchState\",\"attempt\":1}}\n")]
    [InlineData("{\"created\":\n")]
    public void A_damaged_line_is_an_error_that_names_the_line(string line)
    {
        Write(Created);
        File.AppendAllText(DeploymentJournal.PathIn(_folder), line);
        Write(new JournalEntry { Step = new StepPart("reserve", StepState.Done, 1) });

        G5kException e = Assert.Throws<G5kException>(() => JournalReader.Read(_folder));
        Assert.Equal("JournalCorrupt", e.Code);
        Assert.Contains("line 2", e.Message, StringComparison.Ordinal);
        Assert.Contains("oarstat", e.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_or_foreign_file_is_corrupt_and_a_missing_one_not_found()
    {
        Assert.Equal("DeploymentNotFound", Assert.Throws<G5kException>(() => JournalReader.Read(_folder)).Code);
        Directory.CreateDirectory(_folder);
        File.WriteAllText(DeploymentJournal.PathIn(_folder), "");
        Assert.Equal("JournalCorrupt", Assert.Throws<G5kException>(() => JournalReader.Read(_folder)).Code);
        File.WriteAllText(DeploymentJournal.PathIn(_folder), "{\"created\":{\"format\":99,\"id\":\"x\",\"request\":{},\"steps\":[]}}\n");
        Assert.Equal("JournalCorrupt", Assert.Throws<G5kException>(() => JournalReader.Read(_folder)).Code);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_with_what_to_do()
    {
        string file = Path.Combine(Path.GetDirectoryName(_folder)!, "a-file");
        File.WriteAllText(file, "");
        G5kException e = Assert.Throws<G5kException>(() => DeploymentJournal.Open(Path.Combine(file, "below"), TimeProvider.System));
        Assert.Equal(("FileNotWritten", ErrorKind.WriteError), (e.Code, e.Kind));
        Assert.NotNull(e.Recommendation);
    }

    [Fact]
    public void A_full_disk_is_told_with_what_to_do()
    {
        Directory.CreateDirectory(_folder);
        File.CreateSymbolicLink(DeploymentJournal.PathIn(_folder), "/dev/full");
        G5kException e = Assert.Throws<G5kException>(() => Write(Created));
        Assert.Equal(("FileNotWritten", ErrorKind.WriteError), (e.Code, e.Kind));
    }

    [Fact]
    public void The_state_follows_from_the_lines_and_from_who_drives()
    {
        Write(Created);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        DeploymentState State(bool driven) => JournalReader.Read(_folder).ToInfo(now, driven).State;

        Assert.Equal((DeploymentState.Running, DeploymentState.Interrupted), (State(true), State(false)));
        Write(new JournalEntry { State = new StatePart(DeploymentState.Ready) });
        Assert.Equal(DeploymentState.Ready, State(false));
        Write(new JournalEntry { State = new StatePart(DeploymentState.Releasing, DeploymentState.Released) });
        Assert.Equal(DeploymentState.Releasing, State(false));
        Write(new JournalEntry { State = new StatePart(DeploymentState.Released) });
        Assert.Equal(DeploymentState.Released, State(false));
    }

    [Fact]
    public void A_ready_deployment_whose_walltime_is_over_has_expired()
    {
        DateTimeOffset start = DateTimeOffset.UtcNow;
        var job = new ReservationJob("nancy", 1) { State = OarJobState.Running, StartedAt = start, Walltime = TimeSpan.FromHours(1) };
        Write(Created, new JournalEntry
            { Facts = new DeploymentFacts { Reservation = new Reservation("r") { Jobs = [job], Walltime = new Walltime(TimeSpan.FromHours(1)) } } },
            new JournalEntry { State = new StatePart(DeploymentState.Ready) });
        JournalReader read = JournalReader.Read(_folder);
        Assert.Equal(DeploymentState.Ready, read.ToInfo(start.AddMinutes(59), false).State);
        Assert.Equal(DeploymentState.Expired, read.ToInfo(start.AddMinutes(61), false).State);
    }

    [Fact]
    public void Only_one_process_drives_and_its_death_frees_the_lock()
    {
        Directory.CreateDirectory(_folder);
        using (FileLock? first = DriverLock.TryTake(_folder))
        {
            Assert.NotNull(first);
            Assert.Null(DriverLock.TryTake(_folder));
            Assert.True(DriverLock.IsHeld(_folder));
        }
        Assert.False(DriverLock.IsHeld(_folder));
    }
}
