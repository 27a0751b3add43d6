using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Descriptions in files of this machine.</summary>
internal static class DescriptionFiles
{
    /// <summary>The files that paths mean. A path that means none is an error record.</summary>
    public static IReadOnlyList<string> Resolve(G5kCmdlet cmdlet, IEnumerable<string> paths, bool isLiteral)
    {
        List<string> files = [];
        foreach (string path in paths)
        {
            string[] found = [.. FilePaths.Find(cmdlet.GetUnresolvedProviderPathFromPSPath(path), isLiteral).Where(File.Exists)];
            if (found.Length == 0) cmdlet.WriteFailure(Failures.PathNotFound(path));
            files.AddRange(found);
        }
        return files;
    }

    /// <summary>The description of a file. What is doubtful in it is a warning with its line; what is wrong ends it.</summary>
    /// <exception cref="G5kException"><c>DescriptionInvalid</c>.</exception>
    public static EnvironmentDescription Read(G5kCmdlet cmdlet, string path) => Accept(cmdlet, path, Path.GetFileName(path), ReadText(path));

    /// <exception cref="G5kException"><c>DescriptionInvalid</c>.</exception>
    public static EnvironmentDescription Accept(G5kCmdlet cmdlet, object target, string name, string text)
    {
        DescriptionReading reading = DescriptionReader.Read(text);
        foreach (DescriptionFinding warning in reading.Findings.Where(f => f.Severity == DescriptionSeverity.Warning)) Warn(cmdlet, name, warning);
        return reading.IsValid ? reading.Description!
            : throw Failures.DescriptionInvalid(name, target, [.. reading.Findings.Where(f => f.Severity == DescriptionSeverity.Error)]);
    }

    public static void Warn(G5kCmdlet cmdlet, string name, DescriptionFinding finding) => ((IReporter)cmdlet).Warning($"{name}: {finding}");

    /// <exception cref="G5kException"><c>FileNotRead</c>.</exception>
    public static string ReadText(string path)
    {
        try { return File.ReadAllText(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new G5kException("FileNotRead", ErrorKind.ReadError, $"{path} cannot be read: {e.Message}", path,
                "Check the path and its permissions.", e);
        }
    }
}
