using WaltG5k.Commands;
using WaltG5k.Core;

namespace WaltG5k.Tests.Cmdlets;

public class ResumeCommandLineTests
{
    static readonly string[] s_connect = ["-Testbed", "-StatePath", "/home/o'neil/my testbed"];

    [Fact]
    public void PowerShell_imports_the_module_connects_and_resumes()
    {
        IReadOnlyList<string> words = ResumeCommandLine.Build(s_connect, ["/opt/pwsh/pwsh"]);
        Assert.Equal(["/opt/pwsh/pwsh", "-NoProfile", "-NonInteractive", "-Command"], words.Take(4));
        Assert.Contains("WaltG5k.psd1'; Connect-G5k -Testbed -StatePath '/home/o''neil/my testbed' | Out-Null; ", words[4], StringComparison.Ordinal);
        Assert.EndsWith("Resume-WaltDeployment -Unattended -Wait -Deployment", words[4], StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_connects_as_its_environment_says() => Assert.Equal(
        ["env", "WALTG5K_CONNECT=Connect-G5k -Local", "/opt/waltg5k", "Resume-WaltDeployment", "-Unattended", "-Wait", "-Deployment"],
        ResumeCommandLine.Build(["-Local"], ["/opt/waltg5k"]));

    [Fact]
    public void A_PowerShell_that_is_a_tool_of_NET_is_started_by_dotnet()
    {
        IReadOnlyList<string> program = ResumeCommandLine.GetProgram("/usr/share/dotnet/dotnet", "/home/ada/tools/pwsh.dll");
        Assert.Equal(["/usr/share/dotnet/dotnet", "/home/ada/tools/pwsh.dll"], program);
        Assert.Equal([.. program, "-NoProfile"], ResumeCommandLine.Build(s_connect, program).Take(3));
        Assert.Equal(["/opt/waltg5k"], ResumeCommandLine.GetProgram("/opt/waltg5k", "/opt/waltg5k.dll"));
    }

    [Fact]
    public void Without_the_path_of_this_program_no_job_can_start_it() =>
        Assert.Equal("ProgramUnknown", Assert.Throws<G5kException>(() => ResumeCommandLine.GetProgram(null, "pwsh.dll")).Code);
}
