using WaltG5k.Core;
using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k;

/// <summary>Failures of the OAR cmdlets.</summary>
internal static partial class Failures
{
    public static G5kException JobSiteMissing(OarJobRef job) => new(nameof(JobSiteMissing), ErrorKind.InvalidArgument,
        $"Job {job.Id} of which site? Numbers of different sites may be equal.", job,
        $"Write the site before the number (nancy:{job.Id}), or add -Site.");

    /// <param name="elsewhere">The same number at other sites, as this session has seen it.</param>
    public static G5kException JobNotFound(OarJobRef job, IReadOnlyList<string> elsewhere) => new(nameof(JobNotFound), ErrorKind.ObjectNotFound,
        $"OAR at {job.Site} knows no job {job.Id}.{(elsewhere.Count > 0 ? $" Did you mean {string.Join(" or ", elsewhere)}?" : "")}", job,
        elsewhere.Count > 0 ? $"Get-OarJob {elsewhere[0]}" : $"Get-OarJob -Site {job.Site}");

    public static G5kException JobNameNotFound(string name) => new(nameof(JobNotFound), ErrorKind.ObjectNotFound,
        $"No job is named '{name}'.", name, "Get-OarJob, or with ended jobs: Get-OarJob -Since (Get-Date).AddDays(-1)");

    public static G5kException NotJobOwner(OarJob job) => new(nameof(NotJobOwner), ErrorKind.PermissionDenied,
        $"Job {job.Id} of {job.Site} belongs to {job.Owner}: only its owner may change it.", job, "Your own jobs: Get-OarJob");

    public static G5kException JobNotInState(OarJob job, string what) => new(nameof(JobNotInState), ErrorKind.InvalidOperation,
        $"Job {job.Id} of {job.Site} is {job.State}: it cannot be {what}.", job, $"Get-OarJob {job.Site}:{job.Id} | Format-List");

    public static G5kException JobHasNoNodes(OarJob job) => new(nameof(JobHasNoNodes), ErrorKind.InvalidOperation,
        $"Job {job.Id} of {job.Site} is {job.State}: it has no nodes to work on.", job,
        $"Wait until it runs: Wait-OarJob {job.Site}:{job.Id} -For Running");

    public static G5kException JobFailed(OarJob job) => new(nameof(JobFailed), ErrorKind.OperationStopped,
        $"Job {job.Id} of {job.Site} has not done its work: {job.EndReason}.", job, $"Get-OarJob {job.Site}:{job.Id} | Format-List");

    public static G5kException CommandMissing() => new(nameof(CommandMissing), ErrorKind.InvalidArgument,
        "The job has nothing to do: neither a command nor a script, nor -Start or -Noop, with which none is needed.", null,
        "Submit-OarJob 'sleep 1h', or hold the nodes from a date on: Submit-OarJob -Start (Get-Date).AddMinutes(5)");

    public static G5kException ConflictingParameters(string first, string second) => new(nameof(ConflictingParameters), ErrorKind.InvalidArgument,
        $"-{first} and -{second} exclude each other.", second, $"Leave out one of -{first} and -{second}.");

    public static G5kException JobOfOtherSite(OarJobRef job, string site) => new(nameof(JobOfOtherSite), ErrorKind.InvalidArgument,
        $"Job {job} is of another site than the new one, which is for {site}: OAR knows its own jobs only.", job,
        $"Submit at {job.Site}: -Site {job.Site}");

    public static G5kException StartInThePast(DateTimeOffset date) => new(nameof(StartInThePast), ErrorKind.InvalidArgument,
        $"The start {Core.Text.GridZone.Format(date)} lies in the past.", date, "Give a later date, or leave -Start out to begin now.");

    public static G5kException WalltimeTooLongForNight(Walltime walltime) => new(nameof(WalltimeTooLongForNight), ErrorKind.LimitsExceeded,
        $"A walltime of {walltime} fits into no night or week-end.", walltime, "Shorten -Walltime, or give a date with -Start.");

    public static G5kException ScriptNotFound(string path) => new(nameof(ScriptNotFound), ErrorKind.ObjectNotFound,
        $"There is no file '{path}' on this machine.", path, "Name a file here with -Script, or one on the front-end with -ScriptPath.");
}
