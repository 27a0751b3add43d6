using WaltG5k.Core.Frontends;

namespace WaltG5k.Testbed.Ssh;

/// <summary>Root's login shell on an emulated node: line after line of what somebody types, with bash's usual prompt.</summary>
internal static class LoginShell
{
    /// <returns>The status of the last command, or that of <c>exit</c>.</returns>
    public static async Task<int> RunAsync(RemoteMachine machine, ITerminal terminal)
    {
        int status = 0;
        while (await terminal.ReadLineAsync($"root@{machine.HostName}:~# ", machine.Interrupted).ConfigureAwait(false) is string line)
        {
            if (line.Trim() == "logout") line = "exit";
            RemoteResult result = await RemoteShell.RunAsync(machine, line, "", terminal.Write).ConfigureAwait(false);
            terminal.Write(result.Output);
            terminal.Write(result.Error);
            status = result.Status;
            if (result.HasExited) break;
        }
        terminal.Write("logout\n");
        return status;
    }
}
