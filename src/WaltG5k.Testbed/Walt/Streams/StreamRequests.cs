using System.Globalization;

namespace WaltG5k.Testbed.Walt.Streams;

/// <summary>How a request begins, after its first line.</summary>
internal enum StreamOpening
{
    /// <summary>The server says READY, the client sends a pickled dict.</summary>
    Ready,
    /// <summary>The client sends a pickled dict at once.</summary>
    Parameters,
    /// <summary>Text only: up to the request.</summary>
    Text,
}

/// <summary>A request of tcp 12347.</summary>
/// <param name="Name">Without <c>REQ_</c>.</param>
internal sealed record StreamRequest(int Id, string Name, StreamOpening Opening, Func<StreamCall, Task> ServeAsync);

/// <summary>The requests of tcp 12347, by subject: each file adds its own.</summary>
internal static partial class StreamRequests
{
    static readonly StreamRequest[] s_all = [.. NodeRequests(), .. DeviceRequests(), .. ImageRequests(), .. LogRequests()];

    /// <summary>The request that a first line names: by its number, or by its name.</summary>
    public static StreamRequest? Find(string? line) => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        ? s_all.FirstOrDefault(r => r.Id == id)
        : s_all.FirstOrDefault(r => line == "REQ_" + r.Name);

    /// <summary>Serves a connection to its end. Whatever is wrong closes it without a word, as on the real server.</summary>
    public static async Task ServeAsync(WaltHost host, StreamConnection connection, CancellationToken stopped)
    {
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                if (Find(await connection.ReadLineAsync(stopped).ConfigureAwait(false)) is not StreamRequest request) return;
                if (host.World.Faults.Strikes(Faults.FaultNames.WaltSilent, request.Name))
                    await Task.Delay(Timeout.Infinite, stopped).ConfigureAwait(false);
                if (request.Opening == StreamOpening.Ready) await connection.WriteAsync("READY\n", stopped).ConfigureAwait(false);
                Dictionary<string, object?> parameters = [];
                if (request.Opening != StreamOpening.Text)
                    parameters = await PickleReader.ReadAsync(connection, stopped).ConfigureAwait(false) as Dictionary<string, object?>
                        ?? throw new FormatException("no dict");
                if (host.World.Faults.Strikes(Faults.FaultNames.WaltDrops, request.Name)) return;
                await request.ServeAsync(new StreamCall(host, connection, parameters, stopped)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is FormatException or EndOfStreamException)
            {
                // Closed without a word.
            }
        }
    }
}
