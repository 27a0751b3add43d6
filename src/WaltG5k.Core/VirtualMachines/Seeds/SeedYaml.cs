using System.Globalization;
using System.Text;

namespace WaltG5k.Core.VirtualMachines.Seeds;

/// <summary>The little YAML that a seed is written in.</summary>
static class SeedYaml
{
    /// <summary>A text in double quotes, which every reader of YAML takes as that text, whatever is in it.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            switch (c)
            {
                case '"' or '\\': quoted.Append('\\').Append(c); break;
                case '\n': quoted.Append("\\n"); break;
                case < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029': quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: quoted.Append(c); break;
            }
        }
        return quoted.Append('"').ToString();
    }

    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";
}
