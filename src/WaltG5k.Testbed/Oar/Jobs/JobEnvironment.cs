using System.Globalization;

namespace WaltG5k.Testbed.Oar.Jobs;

/// <summary>The variables that OAR sets for the command of a job, or for a shell in it.</summary>
static class JobEnvironment
{
    /// <summary>Each host once per core.</summary>
    public static string NodeFile(OarJob job) => string.Create(CultureInfo.InvariantCulture, $"/var/lib/oar/{job.Id}");

    /// <summary>Where the command runs: the front-end for jobs that deploy or have no nodes, else the first node.</summary>
    public static string HostOf(OarJob job) =>
        job.Submission.IsDeploy || job.Submission.HasType("cosystem") || job.Nodes.Count == 0 ? $"f{job.Site}" : job.Nodes[0].Name;

    public static IEnumerable<KeyValuePair<string, string>> Create(OarJob job, string nodeFile)
    {
        string id = job.Id.ToString(CultureInfo.InvariantCulture);
        string array = job.ArrayId.ToString(CultureInfo.InvariantCulture), index = job.Submission.ArrayIndex.ToString(CultureInfo.InvariantCulture);
        foreach (string key in (string[])["OAR_JOB_ID", "OAR_JOBID"]) yield return new(key, id);
        foreach (string key in (string[])["OAR_NODE_FILE", "OAR_NODEFILE", "OAR_FILE_NODES", "OAR_RESOURCE_FILE"]) yield return new(key, nodeFile);
        foreach (string key in (string[])["OAR_WORKDIR", "OAR_WORKING_DIRECTORY", "OAR_O_WORKDIR"]) yield return new(key, job.Submission.Directory);
        foreach (string key in (string[])["OAR_ARRAY_ID", "OAR_ARRAYID"]) yield return new(key, array);
        foreach (string key in (string[])["OAR_ARRAY_INDEX", "OAR_ARRAYINDEX"]) yield return new(key, index);
        yield return new("OAR_RESOURCE_PROPERTIES_FILE", nodeFile + "_resources");
        yield return new("OAR_JOB_NAME", job.Name ?? "");
        yield return new("OAR_PROJECT_NAME", job.Submission.Project);
        yield return new("OAR_JOB_WALLTIME", OarFormat.Duration(job.Walltime));
        yield return new("OAR_JOB_WALLTIME_SECONDS", job.Walltime.ToString(CultureInfo.InvariantCulture));
        yield return new("OAR_STDOUT", job.StandardOutputFile);
        yield return new("OAR_STDERR", job.StandardErrorFile);
        yield return new("OAR_USER", job.User);
        yield return new("OAR_KEY", "1");
    }

    /// <summary>What an emulated shell in the job starts with.</summary>
    public static Dictionary<string, string> CreateForShell(OarJob job, string directory)
    {
        var environment = new Dictionary<string, string>(Create(job, NodeFile(job)), StringComparer.Ordinal)
        {
            [WaltG5k.Testbed.Commands.FrontendPrograms.HostVariable] = HostOf(job),
            ["HOME"] = $"/home/{job.User}",
            ["USER"] = job.User,
            ["PWD"] = directory,
        };
        return environment;
    }
}
