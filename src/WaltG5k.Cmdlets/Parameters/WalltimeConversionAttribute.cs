using System.Globalization;
using WaltG5k.Core.Oar;

namespace WaltG5k.Parameters;

/// <summary>A walltime from <c>2:00</c>, <c>1:30:00</c>, a TimeSpan, or a number of hours.</summary>
public sealed class WalltimeConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => value switch
    {
        Walltime walltime => walltime,
        TimeSpan duration => new Walltime(duration),
        int or long => new Walltime(TimeSpan.FromHours(System.Convert.ToDouble(value, CultureInfo.InvariantCulture))),
        double hours => new Walltime(TimeSpan.FromHours(hours)),
        string text => Walltime.Parse(text),
        _ => throw new FormatException($"'{value}' is not a walltime: write 2:00, 1:30:00, or a number of hours."),
    };
}
