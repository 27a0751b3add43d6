using WaltG5k.Core;
using WaltG5k.Core.Storage;

namespace WaltG5k.Commands;

/// <summary>Where descriptions are while somebody edits them: <c>~/.walt-g5k/drafts</c>.</summary>
internal sealed class DraftFolder(string home)
{
    public string Create(string name, string text)
    {
        string folder = Path.Combine(home, ".walt-g5k", "drafts");
        string plain = Path.GetFileNameWithoutExtension(name);
        string path = Path.Combine(folder, plain + ".yaml");
        // An older draft that was kept stays.
        for (int i = 2; File.Exists(path); i++) path = Path.Combine(folder, FormattableString.Invariant($"{plain}-{i}.yaml"));
        AtomicFile.Write(path, text);
        return path;
    }

    public static void Drop(string draft)
    {
        try { AtomicFile.Delete(draft); }
        catch (G5kException) { /* a draft too many */ }
    }
}
