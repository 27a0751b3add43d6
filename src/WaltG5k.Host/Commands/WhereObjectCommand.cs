using System.Collections;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace WaltG5k.Host.Commands;

/// <summary>
/// The objects of which a property compares as asked: <c>Where-Object State -eq Running</c>; without a comparison, those where it is true.
/// </summary>
[Cmdlet("Where", "Object")]
public sealed class WhereObjectCommand : ObjectCommand
{
    Func<object?, bool> _test = LanguagePrimitives.IsTrue;

    [Parameter(Mandatory = true, Position = 0)] public string Property { get; set; } = "";
    [Parameter(Position = 1)] public object? Value { get; set; }
    [Parameter] public SwitchParameter EQ { get; set; }
    [Parameter] public SwitchParameter NE { get; set; }
    [Parameter] public SwitchParameter GT { get; set; }
    [Parameter] public SwitchParameter GE { get; set; }
    [Parameter] public SwitchParameter LT { get; set; }
    [Parameter] public SwitchParameter LE { get; set; }
    [Parameter] public SwitchParameter Like { get; set; }
    [Parameter] public SwitchParameter NotLike { get; set; }
    [Parameter] public SwitchParameter Match { get; set; }
    [Parameter] public SwitchParameter NotMatch { get; set; }
    [Parameter] public SwitchParameter Contains { get; set; }
    [Parameter] public SwitchParameter NotContains { get; set; }
    [Parameter] public SwitchParameter In { get; set; }
    [Parameter] public SwitchParameter NotIn { get; set; }
    [Parameter] public SwitchParameter Not { get; set; }

    protected override void BeginProcessing()
    {
        (SwitchParameter Given, Func<object?, bool> Test)[] tests =
        [
            (EQ, Equal), (NE, x => !Equal(x)), (GT, x => Compare(x) > 0), (GE, x => Compare(x) >= 0), (LT, x => Compare(x) < 0),
                (LE, x => Compare(x) <= 0),
            (Like, IsLike), (NotLike, x => !IsLike(x)), (Match, IsMatch), (NotMatch, x => !IsMatch(x)),
            (Contains, x => Has(x, Value)), (NotContains, x => !Has(x, Value)), (In, x => Has(Value, x)), (NotIn, x => !Has(Value, x)),
            (Not, x => !LanguagePrimitives.IsTrue(x)),
        ];
        tests = Array.FindAll(tests, t => t.Given);
        if (tests.Length > 1) Refuse("Only one comparison can be given.");
        bool hasValue = MyInvocation.BoundParameters.ContainsKey(nameof(Value));
        if (tests.Length == 0 && hasValue) Refuse("A comparison is missing: for example Where-Object State -eq Running.");
        if (tests.Length == 1) _test = tests[0].Test;
    }

    protected override void ProcessRecord()
    {
        if (HasInput && _test(ValueOf(InputObject, Property))) WriteObject(InputObject);
    }

    bool Equal(object? actual) => LanguagePrimitives.Equals(actual, Value, ignoreCase: true);

    /// <summary>Null compares as less than everything; two things that cannot be compared fail the test.</summary>
    int? Compare(object? actual)
    {
        try { return LanguagePrimitives.Compare(actual, Value, ignoreCase: true); }
        catch (Exception e) when (e is PSArgumentException or PSInvalidCastException) { return null; }
    }

    bool IsLike(object? actual) => new WildcardPattern(Text(Value), WildcardOptions.IgnoreCase).IsMatch(Text(actual));
    bool IsMatch(object? actual) => Regex.IsMatch(Text(actual), Text(Value), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));

    static bool Has(object? collection, object? value) =>
        (collection is IEnumerable list and not string ? list : new[] { collection }).Cast<object?>()
        .Any(item => LanguagePrimitives.Equals(item, value, ignoreCase: true));

    static string Text(object? value) => LanguagePrimitives.ConvertTo<string>(value);

    void Refuse(string message) =>
        ThrowTerminatingError(new ErrorRecord(new PSArgumentException(message), "ComparisonNotClear", ErrorCategory.InvalidArgument, Property));
}
