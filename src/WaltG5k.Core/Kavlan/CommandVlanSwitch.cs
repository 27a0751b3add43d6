using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kavlan;

/// <summary>By the command kavlan, within a job.</summary>
sealed class CommandVlanSwitch(KavlanClient kavlan, string site, long jobId) : IVlanSwitch
{
    public async Task<VlanOrder> SetAsync(string vlan, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        CommandResult result = await kavlan.SetAsync(jobId, vlan, addresses, cancellationToken).ConfigureAwait(false);
        return result.ExitStatus == 0 ? new VlanOrder() : new VlanOrder(Refused(vlan, result));
    }

    public async Task<IReadOnlyDictionary<string, string>> LocateAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        try
        {
            return await kavlan.GetVlansAsync(addresses, jobId, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFailedException)
        {
            return new Dictionary<string, string>(); // no answer is no proof
        }
    }

    CommandFailedException Refused(string vlan, CommandResult result)
    {
        bool isRight = (result.Error + result.Output).Contains("right", StringComparison.OrdinalIgnoreCase);
        return new CommandFailedException("KavlanRefused", $"KaVLAN at {site} did not set VLAN {vlan}", result, vlan,
            isRight
                ? $"The right on a global VLAN may take minutes to reach {site}; the job must have the type deploy. On its front-end: {result.Request}"
                : $"Try it on the front-end of {site}: {result.Request}",
            isRight ? ErrorKind.PermissionDenied : ErrorKind.ResourceUnavailable);
    }
}
