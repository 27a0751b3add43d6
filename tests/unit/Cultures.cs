using System.Globalization;

namespace WaltG5k.Tests;

/// <summary>Runs a block under a culture that writes numbers and compares letters in its own way.</summary>
static class Cultures
{
    public static readonly TheoryData<string> Hostile = new("fr-FR", "tr-TR");

    public static T Run<T>(string culture, Func<T> body)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            return body();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
