using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;
using WaltG5k.Core.Walt.Streams;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    [GeneratedRegex(@" bytes from .*time=(?<ms>[0-9.]+) ms")]
    private static partial Regex PingAnswer { get; }

    /// <summary>Pings a device from the server; how long the first answer took, or null when none came in time.</summary>
    /// <exception cref="G5kException"><c>WaltStreamRefused</c>, <c>WaltStreamTimeout</c>: the server itself does not do it.</exception>
    public async Task<TimeSpan?> PingAsync(string ip, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        WaltStream stream = await OpenStreamAsync(WaltStreamRequest.DevicePing, PythonDict.Of(("device_ip", ip)), cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using TimeLimit limit = new(timeout, Time, cancellationToken);
            try
            {
                while (await stream.ReadLineAsync(limit.Token).ConfigureAwait(false) is { } line)
                {
                    if (PingAnswer.Match(line) is { Success: true } answer) return TimeSpan.FromMilliseconds(double.Parse(answer.Groups["ms"].Value, CultureInfo.InvariantCulture));
                }
                return null;
            }
            catch (OperationCanceledException) when (limit.IsOver && !cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }
}
