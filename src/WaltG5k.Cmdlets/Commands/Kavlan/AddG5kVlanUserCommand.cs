using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Commands;

/// <summary>Add-G5kVlanUser: lets others use VLANs of one's own jobs.</summary>
[Cmdlet(VerbsCommon.Add, "G5kVlanUser", SupportsShouldProcess = true)]
[OutputType(typeof(G5kVlan))]
public sealed class AddG5kVlanUserCommand : VlanUserCmdlet
{
    internal override bool IsAuthorized => true;
}
