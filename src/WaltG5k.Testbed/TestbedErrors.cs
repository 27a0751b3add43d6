using WaltG5k.Core;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Testbed;

/// <summary>The failures that a testbed's own and joined front-ends have in common.</summary>
static class TestbedErrors
{
    public static G5kException SiteNotFound(string site, IEnumerable<string> sites) => new("SiteNotFound", ErrorKind.ObjectNotFound,
        $"There is no site '{site}' in this testbed.", site, $"Use one of: {string.Join(", ", sites.Order(StringComparer.Ordinal))}.");

    public static G5kException Refused(string frontend, string host, int port, Exception? inner = null) =>
        new("ChannelRefused", ErrorKind.ConnectionError,
        $"Nothing listens on port {port} of {host}, as seen from {frontend}.", $"{host}:{port}",
        "Wait until the host has started, or look at its console.", inner);

    public static G5kException Closed(string frontend, string? folder, Exception? inner = null) =>
        new("FrontendUnreachable", ErrorKind.ConnectionError,
        $"The testbed behind {frontend} has ended.", frontend,
        folder is null ? "Open a new one: Connect-G5k -Testbed" : $"Open it again: Connect-G5k -Testbed -StatePath {PosixShell.Quote(folder)}",
        inner);

    public static FrontendUnreachableException ConnectionLost(string frontend, string site) => new(SshFailureReason.ConnectionLost,
        $"The connection to {frontend} broke while it was used.", site, "Try again.");

    public static G5kException NoTerminal(string frontend, string program) => new("NoTerminal", ErrorKind.InvalidOperation,
        $"'{program}' on {frontend} needs a terminal, and nobody sits at one here.", program, "Run it from an interactive shell.");

    public static G5kException InvalidSpeed(double speed) =>
        new("InvalidSpeed", ErrorKind.InvalidArgument, $"A testbed cannot run at speed {speed}.", speed,
        "Give the number of virtual seconds per real second, or 0 to skip every wait.");

    public static G5kException InUse(string folder) => new("TestbedInUse", ErrorKind.ResourceBusy,
        $"The testbed in '{folder}' runs in another process: it can neither begin anew nor get other faults now.", folder,
        $"Join it without -Fresh and -Fault, or close it first: Connect-G5k -Testbed -StatePath {PosixShell.Quote(folder)}");

    public static G5kException NoAnswer(string folder) => new("TestbedInUse", ErrorKind.ResourceBusy,
        $"The testbed in '{folder}' belongs to a process that does not answer, perhaps on another machine.", folder,
        "End that process, or use another -StatePath.");
}
