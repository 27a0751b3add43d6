namespace WaltG5k.Testbed.Walt.Streams;

internal static partial class StreamRequests
{
    static StreamRequest[] LogRequests() => [new(0, "NEW_INCOMING_LOGS", StreamOpening.Text, ReadLogsAsync)];

    static async Task ReadLogsAsync(StreamCall call)
    {
        if (FindPeer(call) is not WaltDevice device) return;
        string? name = await call.Connection.ReadLineAsync(call.Stopped).ConfigureAwait(false);
        bool hasTimes = await call.Connection.ReadLineAsync(call.Stopped).ConfigureAwait(false) == "TIMESTAMPS_INSIDE";
        while (await call.Connection.ReadLineAsync(call.Stopped).ConfigureAwait(false) is string line && line != "CLOSE")
        {
            string text = hasTimes && line.IndexOf(' ', StringComparison.Ordinal) is > 0 and int blank ? line[(blank + 1)..] : line;
            lock (call.Host.World.Sync) call.Host.Log(text, name ?? "", device.Name);
        }
    }
}
