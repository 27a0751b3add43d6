using System.Net;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Core.Kavlan;

/// <summary>By the API, which has a result for each address.</summary>
sealed class ApiVlanSwitch(VlanApi api, string site) : IVlanSwitch
{
    public async Task<VlanOrder> SetAsync(string vlan, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<ApiVlanChange> changes = await api.SetAsync(vlan, addresses, cancellationToken).ConfigureAwait(false);
            return new VlanOrder { Hopeless = changes.Where(c => c.Status == ApiVlanStatus.Failure)
                .ToDictionary(c => c.NetworkAddress, c => c.Message, StringComparer.OrdinalIgnoreCase) };
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // A right on a global VLAN is late at other sites now and then: it is worth another try.
            return new VlanOrder(new G5kException("KavlanRefused", ErrorKind.PermissionDenied, $"KaVLAN at {site} did not set VLAN {vlan}: {e.Text}",
                vlan,
                $"The VLAN must be one of a running job of yours (Get-G5kVlan -Site {site}); the right on a global VLAN may take minutes to reach {site}.", e));
        }
    }

    public async Task<IReadOnlyDictionary<string, string>> LocateAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        try
        {
            return await api.LocateAsync(addresses, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException)
        {
            return new Dictionary<string, string>(); // no answer is no proof
        }
    }
}
