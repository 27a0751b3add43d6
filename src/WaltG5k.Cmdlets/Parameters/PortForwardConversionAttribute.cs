using WaltG5k.Core.VirtualMachines.Reach;
using WaltG5k.Core.Walt;

namespace WaltG5k.Parameters;

/// <summary>Lets a parameter for local ports take what New-WaltPortForward and New-G5kPortForward gave.</summary>
public sealed class PortForwardConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).Select(i => i switch
    {
        WaltPortForward forward => forward.LocalPort,
        G5kPortForward forward => forward.LocalPort,
        _ => i,
    }).ToArray();
}
