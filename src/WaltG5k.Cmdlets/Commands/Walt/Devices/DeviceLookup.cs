using WaltG5k.Base;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Finds the devices that are meant.</summary>
internal static class DeviceLookup
{
    /// <summary>All devices of the server; their names are kept for completion.</summary>
    public static async Task<IReadOnlyList<WaltDeviceInfo>> GetAllAsync(WaltServer server, G5kSession session, CancellationToken cancellationToken)
    {
        IReadOnlyList<WaltDeviceInfo> devices = await server.GetDevicesAsync(cancellationToken).ConfigureAwait(false);
        foreach (WaltDeviceInfo device in devices) session.DeviceNames[device.Name] = device.Type;
        return devices;
    }

    /// <summary>
    /// The devices that are meant, wildcards and WalT's words for sets resolved; an error for each name that the server does not know.
    /// </summary>
    public static async Task<IReadOnlyList<WaltDeviceInfo>> ResolveAsync(
        WaltServer server, G5kSession session, IReadOnlyList<WaltDeviceRef> references, IOutput output, CancellationToken cancellationToken)
    {
        IReadOnlyList<WaltDeviceInfo> all = await GetAllAsync(server, session, cancellationToken).ConfigureAwait(false);
        if (references.Count == 0) return all;
        ILookup<bool, string> names = references.Select(r => r.Name).Distinct()
            .ToLookup(n => WaltServer.DeviceSetWords.Contains(n) && !all.Any(d => d.Name == n));
        var wanted = new NameFilter(names[false]);
        HashSet<string> members = [];
        // A set without any member is empty, not wrong: the server complains of it all the same.
        foreach (string word in names[true])
        {
            try { members.UnionWith(await server.GetDeviceNamesAsync(word, cancellationToken).ConfigureAwait(false)); }
            catch (Core.G5kException e) when (e.Kind == Core.ErrorKind.ObjectNotFound) { output.Verbose(e.Message); }
        }
        WaltDeviceInfo[] found = [.. all.Where(d => members.Contains(d.Name) || (names[false].Any() && wanted.Matches(d.Name)))];
        foreach (string name in wanted.Unmatched) output.WriteError(Errors.From(Failures.WaltDeviceNotFound(name, all.Select(d => d.Name))));
        return found;
    }
}
