namespace WaltG5k.Testbed.Commands;

/// <summary>What every front-end has besides the tools of Grid'5000.</summary>
internal static partial class FrontendPrograms
{
    public const string NoSuchFile = "No such file or directory";

    public static void AddTo(TestbedWorld world)
    {
        IEmulatedCommand[] programs =
        [
            new FrontendProgram("cat", Cat), new FrontendProgram("tee", Tee), new FrontendProgram("cp", c => Transfer(c, keeps: true)),
            new FrontendProgram("mv", c => Transfer(c, keeps: false)), new FrontendProgram("rm", Remove), new FrontendProgram("mkdir", MakeDirectory),
            new FrontendProgram("touch", Touch), new FrontendProgram("test", Test), new FrontendProgram("[", Test), new FrontendProgram("ls", List),
            new FrontendProgram("chmod", ChangeMode), new FrontendProgram("tail", TailAsync), new FrontendProgram("head", Head),
            new FrontendProgram("md5sum", CheckSum), new FrontendProgram("sha256sum", CheckSum), new FrontendProgram("stat", Status),
            new FrontendProgram("gzip", TestArchive), new FrontendProgram("zstd", TestArchive), new FrontendProgram("od", Dump),
            new FrontendProgram("base64", Base64),
            new FrontendProgram("curl", FetchAsync),
            new FrontendProgram("sort", Sort), new FrontendProgram("uniq", Uniq), new FrontendProgram("wc", Count), new FrontendProgram("grep", Grep),
            new FrontendProgram("echo", Echo), new FrontendProgram("printf", Printf), new FrontendProgram("id", Identify),
            new FrontendProgram("whoami", WhoAmI), new FrontendProgram("hostname", HostName), new FrontendProgram("uname", SystemName),
            new FrontendProgram("date", Date), new FrontendProgram("pwd", WorkingDirectory), new FrontendProgram("nproc", Processors),
            new FrontendProgram("true", _ => 0), new FrontendProgram("false", _ => 1), new FrontendProgram("sleep", ThroughShellAsync),
            new FrontendProgram("env", ThroughShellAsync), new FrontendProgram("printenv", ThroughShellAsync),
            new FrontendProgram("command", ThroughShellAsync),
            new FrontendProgram("which", ThroughShellAsync), new FrontendProgram("sh", RunShellAsync), new FrontendProgram("bash", RunShellAsync),
        ];
        foreach (IEmulatedCommand program in programs) world.Add(program);
    }

    static Task<int> ThroughShellAsync(ProgramCall call) =>
        new FrontendShell(call.Context).RunAsync(Core.Frontends.PosixShell.Join(call.Context.Arguments.Prepend(call.Name)));

    // sh -c TEXT, bash -lc TEXT, sh FILE, or what comes from the input.
    static async Task<int> RunShellAsync(ProgramCall call)
    {
        var shell = new FrontendShell(call.Context);
        if (call.Context.Conversation is { } terminal && call.Operands.Count == 0)
        {
            return await InteractiveShell.RunAsync(call.Context, terminal, CancellationToken.None).ConfigureAwait(false) ?? 0;
        }
        if (call.Has('c') && call.Operands.Count > 0) return await shell.RunAsync(call.Operands[0]).ConfigureAwait(false);
        if (call.Operands.Count == 0) return await new FrontendShell(call.Context with { Input = "" }).RunAsync(call.Context.Input)
            .ConfigureAwait(false);
        return call.Files.Read(call.Operands[0]) is { } script
            ? await shell.RunAsync(script).ConfigureAwait(false)
            : call.Fail($"{call.Operands[0]}: {NoSuchFile}", 127);
    }
}
