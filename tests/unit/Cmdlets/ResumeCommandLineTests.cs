using WaltG5k.Commands;

namespace WaltG5k.Tests.Cmdlets;

public class ResumeCommandLineTests
{
    static readonly string[] s_connect = ["-Testbed", "-StatePath", "/home/o'neil/my testbed"];

    [Fact]
    public void PowerShell_imports_the_module_connects_and_resumes()
    {
        IReadOnlyList<string> words = ResumeCommandLine.Build(s_connect, "/opt/pwsh/pwsh");
        Assert.Equal(["/opt/pwsh/pwsh", "-NoProfile", "-NonInteractive", "-Command"], words.Take(4));
        Assert.Contains("WaltG5k.psd1'; Connect-G5k -Testbed -StatePath '/home/o''neil/my testbed' | Out-Null; ", words[4], StringComparison.Ordinal);
        Assert.EndsWith("Resume-WaltDeployment -Unattended -Wait -Deployment", words[4], StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_connects_as_its_environment_says() => Assert.Equal(
        ["env", "WALTG5K_CONNECT=Connect-G5k -Local", "/opt/waltg5k", "Resume-WaltDeployment", "-Unattended", "-Wait", "-Deployment"],
        ResumeCommandLine.Build(["-Local"], "/opt/waltg5k"));
}
