using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.PowerShell;

/// <summary>The built module in a real PowerShell, over ssh, on the real OAR: what it does is written in <c>Oar.Tests.ps1</c>.</summary>
[Collection(LabCollection.Name)]
public class OarCmdletTests(OarLab lab)
{
    [PowerShellLabFact]
    public async Task The_oar_cmdlets_work_in_powershell()
    {
        await using SchedulerTicker _ = lab.Tick();
        (int failures, string output) = await PowerShellLab.RunPesterAsync("Oar.Tests.ps1", lab.NewHome(), new Dictionary<string, string>
        {
            ["SshConfig"] = lab.SshConfig,
            ["ApiUri"] = lab.Api.ToString(),
            ["OarApi"] = $"arles={lab.GetOarApi(OarLab.Arles)},brest={lab.GetOarApi(OarLab.Brest)}",
            ["UserName"] = OarLab.Alice,
            ["OtherUser"] = OarLab.Bob,
        });
        Assert.True(failures == 0, output);
    }
}
