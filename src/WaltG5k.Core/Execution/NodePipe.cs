using System.Text;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Execution;

/// <summary>How a program on a node ended.</summary>
sealed record PipeEnd(int Status, string Error);

/// <summary>
/// Bytes to or from a program on a node, through the gate that leads there. Where the way there holds no program open (the embedded testbed) they go
/// as one text.
/// </summary>
/// <param name="options">Of ssh, behind those of the gate.</param>
sealed class NodePipe(NodeGate gate, NodeTarget target, IReadOnlyList<string> options, TimeSpan timeout, TimeProvider time)
{
    const int BufferSize = 1 << 17, Failed = 2, NotFound = 127;

    /// <summary>Runs a program that reads bytes.</summary>
    public async Task<PipeEnd> SendAsync(IReadOnlyList<string> program, Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        string line = PosixShell.Join(program);
        IRunningProgram? running = await gate.Runner.StartAsync(Request(line), cancellationToken).ConfigureAwait(false);
        if (running is null)
        {
            using MemoryStream bytes = new();
            await write(bytes, cancellationToken).ConfigureAwait(false);
            string text = Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
            return End(await gate.Runner.RunAsync(Request("base64 -d | " + line) with { Input = text }, null, cancellationToken)
                .ConfigureAwait(false));
        }
        await using (running.ConfigureAwait(false))
        {
            return await TalkAsync(running, async token =>
            {
                Task drain = running.Output.CopyToAsync(Stream.Null, token);
                // A program that refuses ends before it has read everything; its own words tell more than the broken pipe.
                try
                {
                    await write(running.Input, token).ConfigureAwait(false);
                    await running.Input.DisposeAsync().ConfigureAwait(false);
                }
                catch (IOException) { /* said by its status */ }
                await drain.ConfigureAwait(false);
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a program that prints bytes.</summary>
    /// <param name="read">Has to read to the end.</param>
    public async Task<PipeEnd> ReceiveAsync(IReadOnlyList<string> program, Func<Stream, CancellationToken, Task> read,
        CancellationToken cancellationToken)
    {
        string line = PosixShell.Join(program);
        IRunningProgram? running = await gate.Runner.StartAsync(Request(line), cancellationToken).ConfigureAwait(false);
        if (running is null)
        {
            CommandResult result = await gate.Runner.RunAsync(Request(line + " | base64"), null, cancellationToken).ConfigureAwait(false);
            if (result.ExitStatus != 0) return End(result);
            using MemoryStream bytes = new(Convert.FromBase64String(result.Output.ReplaceLineEndings("")));
            if (bytes.Length > 0) await read(bytes, cancellationToken).ConfigureAwait(false);
            // The status is that of base64; what the program says counts.
            bool hasComplained = result.Error.Contains(program[0] + ":", StringComparison.Ordinal);
            return hasComplained ? new PipeEnd(result.Error.Contains("command not found", StringComparison.Ordinal) ? NotFound : Failed,
                result.Error) : End(result);
        }
        await using (running.ConfigureAwait(false))
        {
            return await TalkAsync(running, async token =>
            {
                using BufferedStream output = new(running.Output, BufferSize);
                await read(output, token).ConfigureAwait(false);
                await output.CopyToAsync(Stream.Null, token).ConfigureAwait(false);
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    async Task<PipeEnd> TalkAsync(IRunningProgram running, Func<CancellationToken, Task> talk, CancellationToken cancellationToken)
    {
        using TimeLimit limit = new(timeout, time, cancellationToken);
        using StreamReader errors = new(running.Error, Encoding.UTF8);
        Task<string> said = errors.ReadToEndAsync(limit.Token);
        try
        {
            await talk(limit.Token).ConfigureAwait(false);
            return new PipeEnd(await running.Completion.WaitAsync(limit.Token).ConfigureAwait(false), await said.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (limit.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw new G5kException("NodeCopyTimeout", ErrorKind.OperationTimeout,
                FormattableString.Invariant($"The copy with {target.Name} did not end within {timeout.TotalSeconds:0} s."), target.Name,
                "Give it more time: -Timeout");
        }
    }

    CommandRequest Request(string line) => new([.. gate.Ssh, .. options, "--", $"{target.User}@{target.Host}", line]) { Timeout = timeout,
        Effect = CommandEffect.Change };

    static PipeEnd End(CommandResult result) => new(result.ExitStatus, result.Error);
}
