using WaltG5k.Core.Reservations;
using WaltG5k.Host;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.Reservations;

/// <summary>The cmdlets, in the bundled host, on the real OAR over ssh.</summary>
[Collection(LabCollection.Name)]
public class CmdletTests(OarLab lab)
{
    [LabFact]
    public async Task The_cmdlets_work_on_the_real_oar()
    {
        await using SchedulerTicker _ = lab.Tick();
        // Connect-G5k keeps its notes in the user's home.
        string? home = Environment.GetEnvironmentVariable("HOME");
        Environment.SetEnvironmentVariable("HOME", lab.NewHome());
        try
        {
            using var session = new HostSession();
            Run(session, $"Connect-G5k -Site arles,brest -UserName {OarLab.Alice} -SshConfig '{lab.SshConfig}' -ApiUri {lab.Api} "
                + $"-OarApi 'arles={lab.GetOarApi(OarLab.Arles)},brest={lab.GetOarApi(OarLab.Brest)}'");
            Run(session, "Submit-OarJob 'echo begin; sleep 600' -Site arles -Walltime 0:20 -Name told | Wait-OarJob -For Running");
            Assert.NotEmpty(Run(session, "Get-OarJob -Name told | Update-OarJob -Walltime '+0:10'").Objects);
            Assert.Contains("begin", Run(session, "Get-OarJob -Name told | Get-OarJobOutput").Objects.Select(o => $"{o}"));
            Run(session, "Get-OarJob -Name told | Stop-OarJob");
            Run(session, "Submit-OarJob -Noop -Site brest -Hold | Resume-OarJob -PassThru | Stop-OarJob");
            Assert.Single(Run(session, "Get-OarResource -Site brest -Type kavlan-global").Objects);

            var reservation = (Reservation)Assert.Single(
                Run(session, "New-G5kReservation -NodeCount @{ arles = 2; brest = 1 } -Walltime 0:20 -Name pair | Wait-G5kReservation").Objects)!;
            Assert.Equal(("Running", 3), (reservation.State, reservation.Nodes.Count));
            Assert.Single(Run(session, "Get-G5kReservation pair").Objects);
            Assert.Empty(Run(session, "Find-G5kOrphan").Objects);
            Run(session, "Submit-OarJob -Noop -Site brest -Name g5k-0123abcd -Hold");
            Assert.Equal(OrphanKind.UnknownJob, ((Orphan)Assert.Single(Run(session, "Find-G5kOrphan").Objects)!).Kind);
            Run(session, "Find-G5kOrphan | Stop-OarJob");
            Assert.Empty(Run(session, "Find-G5kOrphan").Objects);
            Run(session, "Get-G5kReservation pair | Remove-G5kReservation -Confirm:$false");
            Assert.Empty(Run(session, "Get-OarJob").Objects);
            Run(session, "Disconnect-G5k");
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOME", home);
        }
    }

    static HostResult Run(HostSession session, string line)
    {
        HostResult result = session.Invoke(line);
        Assert.True(result.Errors.Count == 0, $"{line}: {string.Join("; ", result.Errors)}");
        return result;
    }
}
