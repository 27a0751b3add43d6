using System.Formats.Tar;
using System.Reflection;

namespace WaltG5k.Core.Walt;

/// <summary>
/// The programs of the speculative root that are put on a server: made by the build for Linux on x86-64, beside the module in the folder
/// <c>bootfs</c>.
/// </summary>
static class SpeculativePrograms
{
    static readonly string[] s_programs = ["waltg5k-bootfs", "waltg5k-bootfs-client", "walt-bootfs"];
    static readonly string[] s_files = ["bootfs", "waltg5k-bootfs.service"];

    public static string Version { get; } =
        typeof(SpeculativePrograms).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    static string DefaultFolder => Path.Combine(Path.GetDirectoryName(typeof(SpeculativePrograms).Assembly.Location) ?? ".", "bootfs");

    /// <summary>All of them as a tar archive, in base64.</summary>
    /// <param name="folder">Null: the one beside the module.</param>
    /// <exception cref="G5kException"><c>SpeculativeProgramsMissing</c>.</exception>
    public static string Pack(string? folder)
    {
        folder ??= DefaultFolder;
        string[] missing = [.. s_programs.Concat(s_files).Where(f => !File.Exists(Path.Combine(folder, f)))];
        if (missing.Length > 0) throw Missing(folder, missing);
        using MemoryStream bytes = new();
        using (TarWriter writer = new(bytes, leaveOpen: true))
        {
            foreach (string name in s_programs.Concat(s_files))
            {
                byte[] content = File.ReadAllBytes(Path.Combine(folder, name));
                if (name == "walt-bootfs") content = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(content)
                    .Replace("@VERSION@", Version, StringComparison.Ordinal));
                UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
                if (s_programs.Contains(name)) mode |= UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), Mode = mode });
            }
        }
        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length, Base64FormattingOptions.InsertLineBreaks);
    }

    static G5kException Missing(string folder, string[] files) => new("SpeculativeProgramsMissing", ErrorKind.ObjectNotFound,
        $"The programs of the speculative root are not in {folder}: {string.Join(", ", files)} {(files.Length == 1 ? "is" : "are")} missing.", folder,
        "Build them where gcc and the headers of zlib are: ./build.sh build   (or name the folder that has them: -ProgramPath)");
}
