using System.Globalization;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>The words of an ssh client towards a node.</summary>
static class SshOptions
{
    /// <summary>
    /// They come after those of the gate and before the destination. The exchange of keys decides what a connection costs: OpenSSH's own first choice takes
    /// seven times the processor time of this one. The user's control masters are left alone; ours are not needed (see ADR 7).
    /// </summary>
    public static IReadOnlyList<string> For(TimeSpan connectTimeout, bool checksHostKeys) =>
    [
        "-T", "-x", "-a",
        "-o", "BatchMode=yes",
        "-o", string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={Math.Max(1, (int)Math.Ceiling(connectTimeout.TotalSeconds))}"),
        "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3",
        "-o", "LogLevel=ERROR",
        "-o", "ControlMaster=no", "-o", "ControlPath=none", "-o", "ClearAllForwardings=yes", "-o", "GSSAPIAuthentication=no",
        "-o", "KexAlgorithms=^curve25519-sha256", "-o", "Ciphers=^aes128-gcm@openssh.com",
        // A node gets new host keys at each deployment, so that a known key would only ever be wrong.
        .. checksHostKeys
            ? (string[])["-o", "StrictHostKeyChecking=yes"]
            : ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null"],
    ];

    /// <summary>The whole command line: the shell of the login account gets <paramref name="line"/>.</summary>
    public static CommandRequest Request(NodeGate gate, NodeTarget target, NodeExecutionOptions options, string line) => new(
    [
        .. gate.Ssh, .. For(options.ConnectTimeout, options.ChecksHostKeys),
        .. target.Port is int port ? (string[])["-p", port.ToString(CultureInfo.InvariantCulture)] : [],
        "--", target.User is null ? target.Host : $"{target.User}@{target.Host}", line,
    ]);
}
