using System.Globalization;

namespace WaltG5k.Core.Oar;

/// <summary>Where a job's output goes: OAR resolves the name itself in oarstat, but not in every answer of its REST interface.</summary>
static class OarOutputPath
{
    /// <summary>The whole path, or null when OAR names none.</summary>
    public static string? Get(OarJob job, OarOutputStream stream)
    {
        string? name = stream == OarOutputStream.Error ? job.ErrorFile : job.OutputFile;
        if (string.IsNullOrEmpty(name)) return null;
        name = Resolve(job, name);
        return name.StartsWith('/') || string.IsNullOrEmpty(job.Directory) ? name : $"{job.Directory.TrimEnd('/')}/{name}";
    }

    static string Resolve(OarJob job, string name) => name
        .Replace("%jobid%", job.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("%jobname%", job.Name ?? "", StringComparison.Ordinal)
        .Replace("%arrayid%", (job.ArrayId ?? job.Id).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("%arrayindex%", (job.ArrayIndex ?? 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
