using System.Globalization;
using WaltG5k.Core;

namespace WaltG5k.Testbed.Faults;

/// <summary>One fault on demand: <c>NAME[:TARGET][*COUNT][=VALUE]</c>.</summary>
/// <param name="Name">One of <see cref="FaultNames"/>.</param>
/// <param name="Target">A site, a node, a program or a job, depending on the fault; null: any.</param>
/// <param name="Count">How often it strikes before it is spent; null: always.</param>
/// <param name="Value">A number of seconds or a text, depending on the fault.</param>
public sealed record FaultSpecification(string Name, string? Target, int? Count, string? Value)
{
    /// <summary>Reads <c>NAME[:TARGET][*COUNT][=VALUE]</c>; COUNT and VALUE may come in either order.</summary>
    /// <exception cref="G5kException"><c>InvalidFault</c>.</exception>
    public static FaultSpecification Parse(string text)
    {
        int end = text.AsSpan().IndexOfAny(":*=");
        string name = end < 0 ? text : text[..end];
        if (!FaultNames.All.Contains(name)) throw Invalid(text, $"there is no fault '{name}'");
        string? target = null, count = null, value = null;
        while (end >= 0)
        {
            char mark = text[end];
            int start = end + 1;
            // A target may hold no mark; a value is taken as it is, except for a count behind it.
            int length = text.AsSpan(start).IndexOfAny(mark == '=' ? "*" : "*=");
            end = length < 0 ? -1 : start + length;
            string part = length < 0 ? text[start..] : text[start..end];
            ref string? field = ref target;
            if (mark == '*') field = ref count;
            else if (mark == '=') field = ref value;
            if (field is not null) throw Invalid(text, $"'{mark}' stands twice in it");
            if (part.Length == 0) throw Invalid(text, $"nothing follows '{mark}'");
            field = part;
        }
        int number = 0;
        if (count is not null && (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number == 0))
            throw Invalid(text, $"'{count}' is no count of 1 or more");
        if (FaultNames.NeedsNumber(name) && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            throw Invalid(text, $"{name} needs a number, such as '{name}=60'");
        return new FaultSpecification(name, target, count is null ? null : number, value);
    }

    /// <summary>The value as a time, from a number of seconds.</summary>
    /// <exception cref="G5kException"><c>InvalidFault</c>: there is none, or it is no number.</exception>
    public TimeSpan GetSeconds() => TryGetSeconds() ?? throw Invalid(ToString(), "its value has to be a number of seconds");

    /// <summary>The value as a time, or null when it is not a number of seconds.</summary>
    public TimeSpan? TryGetSeconds() =>
        double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && Math.Abs(seconds) < 1e9
            ? TimeSpan.FromSeconds(seconds) : null;

    public override string ToString() =>
        Name + (Target is null ? "" : ":" + Target) + (Count is null ? "" : string.Create(CultureInfo.InvariantCulture, $"*{Count}"))
        + (Value is null ? "" : "=" + Value);

    static G5kException Invalid(string text, string why) => new("InvalidFault", ErrorKind.InvalidArgument,
        $"The fault '{text}' cannot be read: {why}. It is written NAME[:TARGET][*COUNT][=VALUE].", text,
        $"Use one of: {string.Join(", ", FaultNames.All)}.");
}
