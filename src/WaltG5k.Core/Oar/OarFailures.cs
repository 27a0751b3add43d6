using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>Failures that any command of OAR can end with.</summary>
static class OarFailures
{
    const int CommandNotFound = 127;

    /// <summary>The result, unless it says that there is no OAR.</summary>
    /// <exception cref="G5kException"><c>OarNotFound</c>.</exception>
    public static CommandResult CheckInstalled(CommandResult result, string site) => result.ExitStatus != CommandNotFound
        ? result
        : throw new CommandFailedException("OarNotFound", $"There is no OAR on {result.Frontend}", result, site,
            $"Check that it is the front-end of {site}: ssh to it and run 'oarsub -V'. Another front-end: Connect-G5k -Destination {site}=HOST",
            ErrorKind.NotInstalled);

    public static G5kException JobNotFound(string site, long jobId, Exception? inner = null) =>
        new("JobNotFound", ErrorKind.ObjectNotFound, $"OAR at {site} does not know job {jobId}.", jobId, $"List your jobs: Get-OarJob -Site {site}",
        inner);

    public static G5kException NotJobOwner(string site, long jobId, string words) =>
        new("NotJobOwner", ErrorKind.PermissionDenied, $"Job {jobId} of {site} belongs to somebody else: {words}", jobId,
        $"List your jobs: Get-OarJob -Site {site}");

    public static G5kException Unreadable(string site, string command, Exception failure) =>
        new("OarOutputUnreadable", ErrorKind.InvalidData, $"The answer of '{command}' at {site} cannot be read: {failure.Message}", site,
        $"Run on the front-end of {site}: {command}", failure);
}
