using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Core.Frontends;

/// <summary>What the user's ssh configuration says about a host, as <c>ssh -G</c> prints it. Nothing is connected to.</summary>
sealed class SshConfiguration
{
    readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    SshConfiguration(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = line.Split(' ', 2);
            if (pair.Length == 2) _values.TryAdd(pair[0], pair[1].Trim());
        }
    }

    public string? User => _values.GetValueOrDefault("user");

    /// <summary>Whether there is more to the name than a host of that name: an address, or a way.</summary>
    public bool IsConfigured(string name) =>
        !string.Equals(_values.GetValueOrDefault("hostname", name), name, StringComparison.OrdinalIgnoreCase) || Has("proxyjump")
        || Has("proxycommand");

    /// <exception cref="G5kException"><c>SshConfigNotValid</c>, <c>SshNotInstalled</c>.</exception>
    public static async Task<SshConfiguration> ReadAsync(SshTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        SshProcess.RequireSsh();
        var request = new CommandRequest(["ssh", "-G", .. target.Options, "--", target.Host]) { Timeout = TimeSpan.FromSeconds(10) };
        CommandResult result = await new ProcessRun("this machine", request, time).RunAsync(null, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus == 0) return new SshConfiguration(result.Output);
        throw new G5kException("SshConfigNotValid", ErrorKind.InvalidData, $"ssh does not accept its configuration: {result.LastLines(2)}",
            target.Config ?? target.Host, $"See what it says: {request}");
    }

    internal static SshConfiguration Parse(string text) => new(text);

    bool Has(string name) => _values.TryGetValue(name, out string? value) && value is not ("none" or "");
}
