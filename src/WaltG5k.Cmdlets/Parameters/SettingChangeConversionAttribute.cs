using System.Collections;
using WaltG5k.Core.Walt.Settings;

namespace WaltG5k.Parameters;

/// <summary>Settings from a hashtable (<c>@{ 'kexec.allow' = $false }</c>) or from texts (<c>kexec.allow=false</c>), each value checked.</summary>
public sealed class SettingChangeConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => value as SettingChange ?? new SettingChange(value is IDictionary table
        ? table.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create($"{Unwrap(e.Key)}", Unwrap(e.Value)))
        : Items(value).Select(ToPair));

    static KeyValuePair<string, object?> ToPair(object item) => $"{item}".Split('=', 2) is [{ Length: > 0 } name, string text]
        ? KeyValuePair.Create(name.Trim(), (object?)text)
        : throw new FormatException($"'{item}' is no setting: write its name and value, such as kexec.allow=false.");
}
