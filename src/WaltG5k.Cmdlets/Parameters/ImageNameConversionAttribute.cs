using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;

namespace WaltG5k.Parameters;

/// <summary>
/// Lets a parameter take images as well as their names. An image keeps its user, so that the one of somebody else is not taken for one's own.
/// </summary>
public sealed class ImageNameConversionAttribute : ConversionAttribute
{
    /// <summary>Whether the parameter takes one name instead of several.</summary>
    public bool IsSingle { get; set; }

    protected override object Convert(object value)
    {
        string[] names = [.. Items(value).Select(ToName)];
        return IsSingle && names.Length == 1 ? names[0] : names;
    }

    static string ToName(object item) => item switch
    {
        WaltImageInfo image => image.FullName,
        WaltImageEdit edit => edit.ToString(),
        _ => $"{item}",
    };
}
