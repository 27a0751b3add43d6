using System.Globalization;
using WaltG5k.Core.Oar;

namespace WaltG5k.Parameters;

/// <summary>A change of a job's walltime: <c>+01:00:00</c> more, <c>-00:30:00</c> less, <c>03:00:00</c> in all.</summary>
/// <param name="Text">As oarwalltime takes it.</param>
public sealed record WalltimeChange(string Text)
{
    /// <exception cref="Core.G5kException"><c>InvalidWalltime</c>.</exception>
    public static WalltimeChange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string word = text.Trim();
        string sign = word.Length > 0 && word[0] is '+' or '-' ? word[..1] : "";
        return new WalltimeChange(sign + Walltime.Parse(word[sign.Length..]));
    }

    public override string ToString() => Text;
}

/// <summary>A change from text, from a TimeSpan (negative: so much less; positive: in all), or from a number of hours in all.</summary>
public sealed class WalltimeChangeConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => value switch
    {
        WalltimeChange change => change,
        Walltime total => new WalltimeChange(total.ToString()),
        TimeSpan { Ticks: < 0 } less => new WalltimeChange($"-{new Walltime(less.Negate())}"),
        TimeSpan total => new WalltimeChange(new Walltime(total).ToString()),
        int or long => WalltimeChange.Parse(System.Convert.ToString(value, CultureInfo.InvariantCulture)!),
        string text => WalltimeChange.Parse(text),
        _ => throw new FormatException($"'{value}' is not a change of walltime: write '+1:00', '-0:30' or '3:00'."),
    };
}
