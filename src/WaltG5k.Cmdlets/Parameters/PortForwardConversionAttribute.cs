using WaltG5k.Core.Walt;

namespace WaltG5k.Parameters;

/// <summary>Lets a parameter for local ports take what New-WaltPortForward gave.</summary>
public sealed class PortForwardConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).Select(i => i is WaltPortForward forward ? forward.LocalPort : i).ToArray();
}
