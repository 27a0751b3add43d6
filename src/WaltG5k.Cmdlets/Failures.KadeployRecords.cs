using WaltG5k.Core;

namespace WaltG5k;

internal static partial class Failures
{
    public static G5kException WorkflowNotFound(string id) => new("KadeployWorkflowNotFound", ErrorKind.ObjectNotFound,
        $"Kadeploy knows no operation '{id}'. It forgets an operation when its client has waited for the end.", id,
        $"Get-KadeployStatistic -WorkflowId {id}");

    public static G5kException WorkflowSiteMissing(string id) => new(nameof(WorkflowSiteMissing), ErrorKind.InvalidArgument,
        $"It is not known at which site {id} runs.", id, $"Add its site (-Site nancy), or find it first: Get-KadeployWorkflow {id}");

    public static G5kException OutputUnreadable(string path, Exception cause) => new(nameof(OutputUnreadable), ErrorKind.ReadError,
        $"{path} cannot be read: {cause.Message}", path, "Check the name and the permissions of the file.", cause);

    public static G5kException NoKadeployStep(string source) => new(nameof(NoKadeployStep), ErrorKind.InvalidData,
        $"There is no step of Kadeploy in {source}.", source,
        "Give what kadeploy3, kareboot3 or kapower3 printed, at verbose level 3 or higher (-V 4 tells durations).");
}
