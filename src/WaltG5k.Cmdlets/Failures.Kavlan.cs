using WaltG5k.Core;
using WaltG5k.Core.Kavlan;
using WaltG5k.Parameters;

namespace WaltG5k;

/// <summary>Failures of the VLAN cmdlets.</summary>
internal static partial class Failures
{
    public static G5kException VlanNotFound(string site, string id) => new(nameof(VlanNotFound), ErrorKind.ObjectNotFound,
        $"There is no VLAN {id} at {site}.", id, $"Get-G5kVlan -Site {site}");

    public static G5kException JobHasNoVlan(OarJobRef job) => new(nameof(JobHasNoVlan), ErrorKind.ObjectNotFound,
        $"Job {job} holds no VLAN, or is not running.", job,
        $"Look at it: Get-OarJob {job}; a job with a VLAN: New-G5kReservation -Site {job.Site} -Nodes 2 -Vlan Local");

    public static G5kException VlanNotSet(KavlanNodeResult result, string vlan, string site) => new(nameof(VlanNotSet), ErrorKind.ResourceUnavailable,
        $"{result.NetworkAddress} is not in VLAN {vlan}: {result.Reason}.", result.NetworkAddress,
        $"Try again, with more patience: Set-G5kVlan {vlan} {result.NetworkAddress} -Retries 10; or on the front-end of {site}: kavlan -s -i {vlan} -m {result.NetworkAddress}");
}
