using System.Globalization;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>What an ssh client makes of the host key that it meets.</summary>
enum HostKeys
{
    /// <summary>A node gets new ones at each deployment, so that a known key would only ever be wrong.</summary>
    Ignored,
    /// <summary>It must be known.</summary>
    Known,
    /// <summary>The first one is believed and kept.</summary>
    FirstKept,
}

/// <summary>The words of an ssh client towards a node.</summary>
static class SshOptions
{
    /// <summary>
    /// Without <c>-T</c> or <c>-t</c>. They come after those of the gate and before the destination. The exchange of keys decides what a connection
    /// costs: OpenSSH's own first choice takes seven times the processor time of this one. The user's control masters are left alone; ours are not
    /// needed (see ADR 7).
    /// </summary>
    public static IReadOnlyList<string> For(TimeSpan connectTimeout, HostKeys hostKeys) =>
    [
        "-x", "-a",
        "-o", "BatchMode=yes",
        "-o", string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={Math.Max(1, (int)Math.Ceiling(connectTimeout.TotalSeconds))}"),
        "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3",
        "-o", "LogLevel=ERROR",
        "-o", "ControlMaster=no", "-o", "ControlPath=none", "-o", "ClearAllForwardings=yes", "-o", "GSSAPIAuthentication=no",
        "-o", "KexAlgorithms=^curve25519-sha256", "-o", "Ciphers=^aes128-gcm@openssh.com",
        .. hostKeys switch
        {
            HostKeys.Known => (string[])["-o", "StrictHostKeyChecking=yes"],
            HostKeys.FirstKept => ["-o", "StrictHostKeyChecking=accept-new"],
            _ => ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null"],
        },
    ];

    /// <summary>For commands, which get no terminal.</summary>
    public static IReadOnlyList<string> For(NodeExecutionOptions options) =>
        ["-T", .. For(options.ConnectTimeout, options.ChecksHostKeys ? HostKeys.Known : HostKeys.Ignored)];

    /// <summary>The whole command line: the shell of the login account gets <paramref name="line"/>.</summary>
    public static CommandRequest Request(NodeGate gate, NodeTarget target, NodeExecutionOptions options, string line) => new(
    [
        .. gate.Ssh, .. For(options),
        .. target.Port is int port ? (string[])["-p", port.ToString(CultureInfo.InvariantCulture)] : [],
        "--", target.User is null ? target.Host : $"{target.User}@{target.Host}", line,
    ]);
}
