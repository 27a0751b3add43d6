using System.Text;

namespace WaltG5k.Testbed.Walt;

/// <summary>
/// The service of a booted node (tcp 12346): requests as text lines.
/// </summary>
/// <param name="hasBlink">Whether the running system has a program for its light.</param>
internal sealed class NodeService(TimeProvider time, Action onReboot, Func<bool> hasBlink)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    public async Task RunAsync(Stream input, Stream stream, CancellationToken stopped)
    {
        using StreamReader reader = new(input, Encoding.UTF8, leaveOpen: true);
        // One request in "single" mode, any number in "multi".
        string? mode = await ReadAsync(reader, stream, stopped).ConfigureAwait(false);
        if (mode is not ("MODE single" or "MODE multi"))
        {
            if (mode is not null) await WriteAsync(stream, "KO Start by specifying \"MODE [single|multi]\". Closing on my side.", stopped)
                .ConfigureAwait(false);
            return;
        }
        do
        {
            if (await ReadAsync(reader, stream, stopped).ConfigureAwait(false) is not string request
                || await AnswerAsync(stream, request, stopped).ConfigureAwait(false)) return;
        }
        while (mode == "MODE multi");
    }

    /// <summary>True when the connection is to be closed.</summary>
    async Task<bool> AnswerAsync(Stream stream, string request, CancellationToken stopped)
    {
        switch (request)
        {
            case "PING":
                await WriteAsync(stream, "OK", stopped).ConfigureAwait(false);
                return false;
            case "REBOOT":
                await WriteAsync(stream, "OK", stopped).ConfigureAwait(false);
                onReboot();
                return true;
            case "BLINK 0" or "BLINK 1":
                await WriteAsync(stream, hasBlink() ? "OK" : "KO /bin/blink unavailable or not executable on image", stopped).ConfigureAwait(false);
                return false;
            case "CLOSE":
                await WriteAsync(stream, "OK Closing on my side.", stopped).ConfigureAwait(false);
                return true;
            default:
                return true;
        }
    }

    async Task<string?> ReadAsync(StreamReader reader, Stream stream, CancellationToken stopped)
    {
        try
        {
            using CancellationTokenSource patience = new(s_patience, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopped);
            return await reader.ReadLineAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stopped.IsCancellationRequested)
        {
            await WriteAsync(stream, "TIMEOUT Closing on my side.", stopped).ConfigureAwait(false);
            return null;
        }
    }

    static Task WriteAsync(Stream stream, string line, CancellationToken stopped) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), stopped).AsTask();
}
