using WaltG5k.Core.Deployments;

namespace WaltG5k.Core.Walt;

/// <summary>What may be noticed about a WalT server that answers.</summary>
static class ServerFindings
{
    public static Finding ClockDiffers(string host, TimeSpan difference) => new("WaltClockDiffers", FindingSeverity.Warning,
        FormattableString.Invariant(
        $"The clock of {host} is {Math.Abs(difference.TotalSeconds):0} s {(difference > TimeSpan.Zero ? "ahead" : "behind")}."))
    {
        Target = host,
        Meaning = "Dates of log lines are the server's: ranges given by our clock miss lines.",
        Recommendation = $"ssh root@{host} timedatectl status",
    };

    public static Finding HttpUnreachable(string host, G5kException cause) =>
        new("WaltHttpUnreachable", FindingSeverity.Error, $"The HTTP service of {host} does not answer.")
    {
        Target = host,
        Seen = cause.Message,
        Meaning = "Nodes and images cannot be listed; nodes that boot by HTTP cannot get their files.",
        Recommendation = $"ssh root@{host} systemctl restart walt-server-httpd",
    };

    public static Finding NoShell(string host, G5kException cause) =>
        new("WaltShellRefused", FindingSeverity.Information, $"root@{host} is not open to us.")
    {
        Target = host,
        Seen = cause.Message,
        Meaning = "Commands on nodes, copies, and the check of NBFS go through that shell.",
        Recommendation = cause.Recommendation ?? $"ssh root@{host}",
    };

    public static Finding SpecificationInvalid(string host, string why) =>
        new("WaltSpecificationInvalid", FindingSeverity.Warning, $"/etc/walt/server.spec of {host} is no JSON.")
    {
        Target = host,
        Seen = why,
        Meaning = "The server then offers no optional feature, NBFS among them.",
        Recommendation = $"ssh root@{host} cat /etc/walt/server.spec",
    };
}
