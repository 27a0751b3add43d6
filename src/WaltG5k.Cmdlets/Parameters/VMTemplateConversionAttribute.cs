using System.Globalization;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Parameters;

/// <summary>
/// Templates of virtual machines from texts (<c>web:4x2cpu,4GB</c>, or vm5k's element), and from machines whose size is meant. Without quotes
/// PowerShell makes a list of such a text, and the bytes of <c>4GB</c> a number.
/// </summary>
public sealed class VMTemplateConversionAttribute : ConversionAttribute
{
    const int BytesToMebibytes = 20;

    protected override object Convert(object value)
    {
        List<VMTemplate> templates = [];
        List<string> words = [];
        foreach (object item in Items(value))
        {
            if (item is not (VMTemplate or VirtualMachine))
            {
                words.Add(Word(item));
                continue;
            }
            templates.AddRange(VMTemplate.ParseAll(words));
            words.Clear();
            templates.Add(item as VMTemplate ?? new VMTemplate(((VirtualMachine)item).Id, 1, (VirtualMachine)item));
        }
        templates.AddRange(VMTemplate.ParseAll(words));
        return templates.ToArray();
    }

    /// <summary>A number from a MiB on is bytes; a smaller one is MiB already.</summary>
    static string Word(object item) => item switch
    {
        int or long when System.Convert.ToInt64(item, CultureInfo.InvariantCulture) is >= 1L << BytesToMebibytes and var bytes =>
            (bytes >> BytesToMebibytes).ToString(CultureInfo.InvariantCulture),
        double bytes when bytes >= 1L << BytesToMebibytes => ((long)bytes >> BytesToMebibytes).ToString(CultureInfo.InvariantCulture),
        _ => System.Convert.ToString(item, CultureInfo.InvariantCulture) ?? "",
    };
}
