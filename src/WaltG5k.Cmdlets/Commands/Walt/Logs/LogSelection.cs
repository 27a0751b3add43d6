using WaltG5k.Base;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>The lines that a cmdlet's parameters ask for.</summary>
internal static class LogSelection
{
    /// <summary>Null where issuers were named and the server knows none of them.</summary>
    public static async Task<WaltLogQuery?> ToQueryAsync(WaltServer server, G5kSession session, IReadOnlyList<WaltDeviceRef> issuers,
        LogMoment? from, LogMoment? to,
        string? stream, string? pattern, IOutput output, CancellationToken cancellationToken)
    {
        string[] names = [];
        if (issuers.Count > 0)
        {
            names = [.. (await DeviceLookup.ResolveAsync(server, session, issuers, output, cancellationToken).ConfigureAwait(false))
                .Select(d => d.Name)];
            if (names.Length == 0) return null;
        }
        return new WaltLogQuery
        {
            From = from is null ? null : await from.ResolveAsync(server, cancellationToken).ConfigureAwait(false),
            To = to is null ? null : await to.ResolveAsync(server, cancellationToken).ConfigureAwait(false),
            Issuers = names,
            Stream = stream,
            Pattern = pattern,
        };
    }
}
