using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Parameters;

/// <summary>Templates of virtual machines from texts (<c>web:4x2cpu,4GB</c>, or vm5k's element), and from machines whose size is meant.</summary>
public sealed class VMTemplateConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).Select(item => item switch
    {
        VMTemplate template => template,
        VirtualMachine machine => new VMTemplate(machine.Id, 1, machine),
        _ => VMTemplate.Parse($"{item}"),
    }).ToArray();
}
