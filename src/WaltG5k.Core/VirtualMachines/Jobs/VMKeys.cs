using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>
/// The public keys that open a guest: those of this machine and those of the front-end, from which ssh to it may start. Private ones are never read.
/// </summary>
static class VMKeys
{
    public static async Task<IReadOnlyList<string>> GatherAsync(IGrid grid, string site, IEnumerable<string> given,
        CancellationToken cancellationToken)
    {
        List<string> keys = [.. given];
        string here = Path.Combine(grid.HomeDirectory, ".ssh");
        if (Directory.Exists(here))
            foreach (string file in Directory.EnumerateFiles(here, "*.pub").Order(StringComparer.Ordinal))
                keys.AddRange(await File.ReadAllLinesAsync(file, cancellationToken).ConfigureAwait(false));
        // Those that are not there are no failure.
        string line = string.Join("; ", ((string[])["authorized_keys", "id_ed25519.pub", "id_ecdsa.pub", "id_rsa.pub"])
            .Select(n => $"cat \"$HOME/.ssh/{n}\" 2>/dev/null"));
        CommandResult there = await grid.GetFrontend(site).RunAsync(new CommandRequest("sh", "-c", line), null, cancellationToken)
            .ConfigureAwait(false);
        keys.AddRange(there.Output.Split('\n'));
        return [.. keys.Select(k => k.Trim()).Where(IsKey).DistinctBy(k => k.Split(' ') is [_, var body, ..] ? body : k)];
    }

    /// <summary>Options before the key are those of a login on a front-end, not of one on a guest.</summary>
    static bool IsKey(string line) => line.StartsWith("ssh-", StringComparison.Ordinal) || line.StartsWith("ecdsa-", StringComparison.Ordinal)
        || line.StartsWith("sk-", StringComparison.Ordinal);
}
