using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.Ssh;

public class SmokeTests
{
    [RequiresProgramsFact("/bin/sh")]
    public async Task A_command_of_this_machine_runs()
    {
        CommandResult result = await new LocalFrontend("nancy").RunAsync(new CommandRequest("/bin/sh", "-c", "echo a; exit 3"));
        Assert.Equal((3, "a\n"), (result.ExitStatus, result.Output));
    }
}
