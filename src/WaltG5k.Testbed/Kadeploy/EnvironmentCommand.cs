using System.Globalization;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Kadeploy.Environments;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>
/// kaenv3: lists, prints, adds, changes and deletes the registered environments. Success of whatever changes something prints nothing.
/// </summary>
internal sealed class EnvironmentCommand : IEmulatedCommand
{
    static readonly string[] s_common =
    [
        "-h --help", "-v --version", "-H --[no-]debug-http", "-S --server=", "-M --multi-server", "--[no-]dry-run", "--password?", "-l --list?",
            "-p --print=", "-a --add=", "-d --delete=",
        "-s --all-versions", "-u --env-user=", "-t --visibility-tag=", "--env-version=", "--toggle-destructive-tag=", "--set-visibility-tag=",
        "--update-image-checksum=",
        "--update-preinstall-checksum=", "--update-postinstalls-checksum=", "-m --files-to-move=", "--move-files", "--[no-]secure",
    ];
    static readonly OptionTable s_oldOptions = new(s_common), s_options = new([.. s_common, "--env-arch=", "-y --yes"]);
    static readonly string[] s_changes =
    [
        "--delete", "--toggle-destructive-tag", "--set-visibility-tag", "--update-image-checksum", "--update-preinstall-checksum",
            "--update-postinstalls-checksum",
    ];
    /// <summary>The client's start, and its talk with the server.</summary>
    static readonly TimeSpan s_duration = TimeSpan.FromSeconds(0.4);

    public IReadOnlyList<string> Names => ["kaenv3"];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            bool isOld = context.World.HasOldKadeploy(context.Site);
            ParsedOptions options = (isOld ? s_oldOptions : s_options).Parse(context.Arguments);
            await context.World.PassAsync(s_duration, context.Interrupted).ConfigureAwait(false);
            return Run(context, options, isOld);
        }
        catch (OptionException e)
        {
            context.WriteErrorLine("Option parsing error: " + e.Message);
            return 1;
        }
        catch (RequestException e)
        {
            context.WriteErrorLine(e.Message);
            if (e.IsServerError) context.WriteErrorLine(string.Create(CultureInfo.InvariantCulture, $"[Kadeploy Error #{e.Status}]"));
            return e.Status;
        }
    }

    static int Run(CommandContext context, ParsedOptions options, bool isOld)
    {
        if (options.Has("--help")) context.WriteLine("Usage: kaenv3 [options]\nContact: support-staff@lists.grid5000.fr");
        else if (options.Has("--version")) context.WriteLine($"Kadeploy version: {(isOld ? "3.3.11.stable" : "3.9.0")}");
        else if (options.Last("--add") is string file) Add(context, file, isOld);
        else if (s_changes.FirstOrDefault(c => options.Last(c) is not null) is string change)
            new EnvironmentChange(context, options, change, options.Last(change)!, isOld).Run();
        else if (options.Has("--move-files")) throw RequestException.Forbidden("Only administrators can move the files in the environments",
            "PUT /environments");
        else if (options.Last("--print") is string wanted) Print(context, wanted, options);
        else if (options.All("--list").Count > 0) List(context, options);
        else if (isOld) throw RequestException.Client("You must choose an operation");
        else if (options.Positional.FirstOrDefault() is string named) Print(context, named, options);
        else List(context, options);
        return 0;
    }

    static void List(CommandContext context, ParsedOptions options)
    {
        EnvironmentRecord[] found;
        lock (context.World.Sync)
        {
            found = [.. context.World.Environments.List(context.Site, context.User, options.Last("--env-user"), options.Has("--all-versions"))
                .Where(e => Matches(e.Name, options.Last("--list")))];
        }
        if (found.Length == 0)
        {
            context.WriteLine("No environment has been found");
            return;
        }
        context.WriteLine(Row("Name", "Version", "User", "Description"));
        context.WriteLine(Row("####", "#######", "####", "###########"));
        foreach (EnvironmentRecord environment in found)
        {
            string description = environment.Description.Length > 35 ? environment.Description[..35] + "..." : environment.Description;
            context.WriteLine(Row(environment.Name, environment.Version.ToString(CultureInfo.InvariantCulture), environment.User, description));
        }
    }

    static void Print(CommandContext context, string wanted, ParsedOptions options)
    {
        EnvironmentLookup lookup = DeployEnvironments.Parse(context, wanted, options.Last("--env-user"), options.Last("--env-version"),
            options.Last("--env-arch"))
            ?? throw RequestException.Environment();
        IReadOnlyList<EnvironmentRecord> found;
        lock (context.World.Sync) found = context.World.Environments.Find(context.Site, lookup with { AllVersions = options.Has("--all-versions") });
        if (found.Count == 0) throw RequestException.Environment();
        foreach (EnvironmentRecord environment in found) context.WriteLine(EnvironmentYaml.Write(environment.Fields));
    }

    static void Add(CommandContext context, string file, bool isOld)
    {
        System.Text.Json.Nodes.JsonObject fields = DeployEnvironments.ReadDescription(context, file)
            ?? throw new RequestException(5, $"Invalid file -- Unable to grab the file {file} (connection refused)", true);
        EnvironmentRecord record = new(fields, context.User);
        if (record.Visibility == "public") throw RequestException.Forbidden("Only administrators can use the \"public\" tag", "POST /environments");
        foreach (string used in EnvironmentChange.Files(record)) record.Checksums[used] = EnvironmentFiles.Checksum(context, used);
        lock (context.World.Sync)
        {
            if (!context.World.Environments.TryAdd(context.Site, record))
                throw new RequestException(10, string.Create(CultureInfo.InvariantCulture,
                    $"Element already exists -- An environment with the name {record.Name} and the version {record.Version} has already been recorded for the user {record.User}"), true);
        }
        context.World.NotifyChanged();
    }

    static string Row(string name, string version, string user, string description) => $"{name,-21} {version,-7} {user,-11} {description}";

    static bool Matches(string name, string? pattern)
    {
        if (string.IsNullOrEmpty(pattern)) return true;
        string[] parts = pattern.Split('%');
        return parts.Length == 1 ? name == pattern
            : name.StartsWith(parts[0], StringComparison.Ordinal) && name.EndsWith(parts[^1], StringComparison.Ordinal)
              && parts.All(p => name.Contains(p, StringComparison.Ordinal));
    }
}
