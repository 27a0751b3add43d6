using WaltG5k.Core;
using WaltG5k.Lab;
using WaltG5k.Lab.Processes;

namespace WaltG5k.Tests.Lab;

public sealed class LabStateTests : IDisposable
{
    readonly LabFolder _folder = new(Directory.CreateTempSubdirectory("waltg5k-lab-").FullName);

    public void Dispose() => Directory.Delete(_folder.Root, recursive: true);

    [Fact]
    public void What_was_started_is_read_back()
    {
        LabState state = LabState.Create(_folder, 2, DateTimeOffset.UnixEpoch);
        state.Add(new LabPart("namespace", "server", new ProcessStamp(4711, 99)));
        state.Add(new LabPart("program", "lab-1", new ProcessStamp(4712, 100)));
        state.Add(new LabPart("program", "lab-1", new ProcessStamp(4713, 101)));
        state.Add(new LabPart("tap", "walt0", null));
        state.Remove("namespace", "server");

        LabRecord record = LabState.Read(_folder)!;
        Assert.Equal([new LabPart("program", "lab-1", new ProcessStamp(4713, 101)), new LabPart("tap", "walt0", null)], record.Parts);
        Assert.Equal((2, ProcessStamp.Own), (record.NodeCount, record.Owner));
    }

    [Fact]
    public void Without_a_file_there_is_no_lab()
    {
        Assert.Null(LabState.Read(_folder));
        Assert.Null(WaltLab.Find(_folder));
    }

    [Theory]
    [InlineData("{ this is no JSON")]
    [InlineData("{}")]
    [InlineData("""{"version":99,"owner":{"id":1,"started":1},"parts":[]}""")]
    public void A_file_of_another_kind_is_told(string text)
    {
        Directory.CreateDirectory(_folder.Run);
        File.WriteAllText(_folder.StateFile, text);
        G5kException e = Assert.Throws<G5kException>(() => LabState.Read(_folder));
        Assert.Equal("LabStateCorrupt", e.Code);
        Assert.Contains(_folder.StateFile, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_what_is_not_there_is_no_error_however_often()
    {
        Assert.False(await WaltLab.StopAsync(_folder));
        Assert.False(await WaltLab.StopAsync(_folder));
    }

    [Fact]
    public async Task A_lab_whose_processes_are_gone_is_removed()
    {
        LabState state = LabState.Create(_folder, 1, DateTimeOffset.UtcNow);
        // A number that is in use, by a process that is another one.
        state.Add(new LabPart("namespace", "server", ProcessStamp.Own with { Started = 1 }));
        Assert.True(await WaltLab.StopAsync(_folder));
        Assert.False(Directory.Exists(_folder.Run));
    }

    [Fact]
    public void A_lab_of_a_process_that_is_gone_is_abandoned()
    {
        Directory.CreateDirectory(_folder.Run);
        LabState.Create(_folder, 1, DateTimeOffset.UtcNow);
        File.WriteAllText(_folder.StateFile, File.ReadAllText(_folder.StateFile)
            .Replace($"\"started\": {ProcessStamp.Own.Started}", "\"started\": 1", StringComparison.Ordinal));
        LabInfo lab = WaltLab.Find(_folder)!;
        Assert.Equal(LabStatus.Abandoned, lab.Status);
        Assert.Equal("LabAbandoned", Assert.Single(lab.Findings).Code);
        Assert.Equal("lab-1", Assert.Single(lab.Nodes).Name);
    }

    [Fact]
    public void A_process_is_known_by_its_number_and_its_start()
    {
        if (!OperatingSystem.IsLinux()) return;
        Assert.True(ProcessStamp.Own.IsAlive);
        Assert.False((ProcessStamp.Own with { Started = 1 }).IsAlive);
        Assert.Null(ProcessStamp.Find(int.MaxValue));
    }
}
