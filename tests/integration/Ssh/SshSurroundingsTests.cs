using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.Ssh;

/// <summary>Login shells, start-up files, jump hosts, and what is left behind.</summary>
public sealed class SshSurroundingsTests
{
    static readonly CommandRequest s_command =
        new CommandRequest("sh", "-c", "printf '%s|' \"$@\"; cat; echo e >&2; exit 9", "sh", "it's", "a\\b!\nc") { Input = "in" };

    /// <summary>Each is what sshd runs in place of the line that we send, which it puts into a variable.</summary>
    [SshTheory]
    [InlineData("/bin/sh")]
    [InlineData("/bin/dash -c \"$SSH_ORIGINAL_COMMAND\"")]
    [InlineData("/bin/bash -c \"$SSH_ORIGINAL_COMMAND\"")]
    [InlineData("/bin/bash -lc \"$SSH_ORIGINAL_COMMAND\"")]
    [InlineData("echo welcome; echo warning >&2; printf 'no newline'; printf x >&2; sleep 0.2; /bin/dash -c \"$SSH_ORIGINAL_COMMAND\"")]
    [InlineData("exec /bin/bash --posix -c \"$SSH_ORIGINAL_COMMAND\"")]
    public async Task Whatever_the_login_shell_does(string shell)
    {
        string[] options = shell == "/bin/sh" ? [] : [$"ForceCommand {shell}"];
        await using SshServer server = await SshServer.StartAsync(options);
        CommandResult result = await server.Open().RunAsync(s_command);
        Assert.Equal(("it's|a\\b!\nc|in", "e\n", 9), (result.Output, result.Error, result.ExitStatus));
    }

    [SshFact]
    public async Task A_shell_of_another_family_sees_only_harmless_words()
    {
        // What is special inside the single quotes of csh or fish.
        string line = RemoteCommand.Create(s_command).Line;
        Assert.DoesNotContain(line, c => c is '\\' or '!' or '\n');
        Assert.Equal(2, line.Count(c => c == '\''));
        await Task.CompletedTask;
    }

    [SshFact]
    public async Task Through_a_jump_host_of_the_configuration()
    {
        await using SshServer gateway = await SshServer.StartAsync();
        await using SshServer server = await SshServer.StartAsync();
        File.AppendAllText(server.KnownHosts, File.ReadAllText(gateway.KnownHosts));
        File.AppendAllText(Path.Combine(gateway.Folder, "authorized_keys"), File.ReadAllText(server.UserKey + ".pub"));
        await server.ConfigureClientAsync("Host nancy.g5k", "HostName 127.0.0.1", $"Port {server.Port}", "ProxyJump gateway", "Host gateway",
            "HostName 127.0.0.1", $"Port {gateway.Port}");
        await using var frontend = new SshFrontend("nancy", new SshTarget("nancy.g5k", Config: server.ClientConfig), ControlFolder.Open(),
            TimeProvider.System);
        CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => frontend.RunAsync(s_command)));
        Assert.All(results, r => Assert.Equal(9, r.ExitStatus));
        Assert.Equal((1, 1), (gateway.Logins, server.Logins));

        File.WriteAllText(Path.Combine(gateway.Folder, "authorized_keys"), "");
        await using var refused = new SshFrontend("nancy", new SshTarget("nancy.g5k", Config: server.ClientConfig), ControlFolder.Open(),
            TimeProvider.System);
        Assert.Equal(SshFailureReason.Authentication,
            (await Assert.ThrowsAsync<FrontendUnreachableException>(() => refused.RunAsync(s_command))).Reason);
        server.KillAll();
        File.AppendAllText(Path.Combine(gateway.Folder, "authorized_keys"), File.ReadAllText(server.UserKey + ".pub"));
        await using var away = new SshFrontend("nancy", new SshTarget("nancy.g5k", Config: server.ClientConfig), ControlFolder.Open(),
            TimeProvider.System);
        Assert.Equal(SshFailureReason.Refused, (await Assert.ThrowsAsync<FrontendUnreachableException>(() => away.RunAsync(s_command))).Reason);
    }

    [SshFact]
    public async Task Nothing_is_left_after_it_is_closed()
    {
        await using SshServer server = await SshServer.StartAsync();
        SshFrontend frontend = server.Open();
        string marker = Processes.NewMarker();
        Task<CommandResult> run = frontend.RunAsync(new CommandRequest("sleep", marker));
        await Processes.WaitForAsync(marker);
        string socket = frontend.Gate.Ssh.Single(w => w.StartsWith("ProxyCommand=", StringComparison.Ordinal)).Split(' ')[4];
        Assert.True(File.Exists(socket), socket);
        await frontend.DisposeAsync();
        Assert.Equal(SshFailureReason.ConnectionLost, (await Assert.ThrowsAsync<FrontendUnreachableException>(() => run)).Reason);
        await Processes.WaitForEndAsync(marker);
        Assert.False(File.Exists(socket));
        Assert.Empty(Processes.Find(server.ClientConfig));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => frontend.RunAsync(new CommandRequest("true")));
    }
}
