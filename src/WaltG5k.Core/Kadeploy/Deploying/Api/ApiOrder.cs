using System.Globalization;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// A deployment as the API takes it. It ignores what it does not know: what would be lost on the way is refused here, before anything is sent.
/// </summary>
static class ApiOrder
{
    /// <exception cref="G5kException"><c>NotByApi</c>, <c>InvalidKadeployRequest</c>.</exception>
    public static ApiDeploymentRequest Convert(KadeployRequest request)
    {
        KadeployRequestCheck.RequireNodes(request.Nodes);
        RequireOptions(request);
        EnvironmentSpecification? name = request.IsDescription ? null : EnvironmentSpecification.Parse(request.Environment);
        string? user = request.User ?? name?.User;
        return new ApiDeploymentRequest
        {
            Nodes = request.Nodes,
            Environment = name is null ? request.Environment : user is null ? name.Name : $"{name.Name}@{user}",
            Version = request.Version ?? name?.Version,
            Architecture = request.Architecture ?? name?.Architecture,
            Key = request.Key?.Text ?? request.Key?.Path,
            PartitionLabel = request.Partition,
            BlockDevice = request.BlockDevice,
            ReformatTmp = request.ReformatTmp,
            DisableDiskPartitioning = request.DisableDiskPartitioning,
            DisableBootloaderInstall = request.DisableBootloaderInstall,
            Vlan = request.Vlan is { } vlan ? int.Parse(vlan, NumberStyles.None, CultureInfo.InvariantCulture) : null,
        };
    }

    /// <summary>The request that will be sent, for who wants to see it first.</summary>
    public static string Describe(string site, KadeployRequest request) =>
        $"POST sites/{site}/deployments {ApiDeploymentReader.Write(Convert(request))}";

    static void RequireOptions(KadeployRequest request)
    {
        Refuse(request.Steps.Count > 0, request.Steps, "forced macro-steps");
        Refuse(request.RebootClassicalTimeout is not null || request.RebootKexecTimeout is not null, request.RebootClassicalTimeout,
            "time limits for reboots");
        Refuse(request.NoKexec, null, "a choice between kexec and a reboot");
        Refuse(request.Breakpoint is not null, request.Breakpoint, "breakpoints");
        Refuse(request.CustomSteps is not null, request.CustomSteps, "custom steps");
        Refuse(request.PxeProfile is not null || request.PxePattern is not null || request.PxeFiles.Count > 0, request.PxeProfile, "PXE profiles");
        Refuse(request.BootPartition is not null, request.BootPartition, "a partition to boot");
        Refuse(request.Force, null, "nodes taken away from other operations");
        Refuse(request.Vlan == "DEFAULT", request.Vlan, "DEFAULT as a VLAN");
        if (request.IsDescription && !IsUrl(request.Environment))
            throw NotByApi(request.Environment, "descriptions in files",
                "Register it first (Register-G5kEnvironment), or put it into ~/public and give its URL.");
        if (request.Key is { Text: null, Path: { } path } && !IsUrl(path))
            throw NotByApi(path, "keys in a file of the front-end", "Give the keys themselves, a file of this machine, or a URL.");
    }

    static bool IsUrl(string text) => text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal);

    static void Refuse(bool isGiven, object? target, string what)
    {
        if (isGiven) throw NotByApi(target, what, "Leave it out, or deploy by kadeploy3, which is what is done without -UseApi.");
    }

    static G5kException NotByApi(object? target, string what, string recommendation) =>
        new("NotByApi", ErrorKind.InvalidArgument, $"Deployments through the API know no {what}.", target, recommendation);
}
