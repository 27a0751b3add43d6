using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>A change of a registered environment by kaenv3. Everybody may change what is his own; staff's environments are out of reach.</summary>
/// <param name="option">What is asked: <c>--delete</c>, <c>--set-visibility-tag</c> and so on.</param>
internal sealed class EnvironmentChange(CommandContext context, ParsedOptions options, string option, string name, bool isOld)
{
    public void Run()
    {
        if (option == "--set-visibility-tag" && options.Last("--visibility-tag") is not ("private" or "shared" or "public"))
            throw new OptionException("You must define the visibility value");
        EnvironmentLookup lookup = DeployEnvironments.Parse(context, name, options.Last("--env-user"), options.Last("--env-version"),
            options.Last("--env-arch")) ?? throw RequestException.Environment();
        lookup = lookup with { User = lookup.User ?? context.User, AllVersions = option == "--delete" && options.Has("--all-versions") };
        string path = $"/environments/{lookup.User}/{lookup.Name}";
        if (lookup.User != context.User)
        {
            throw option == "--delete"
                ? RequestException.Forbidden("Only administrators are allowed to delete other user's environment", $"DELETE {path}")
                : RequestException.Forbidden("Only administrators are allowed to modify other user's environment", $"PUT {path}");
        }
        // Today's client asks first.
        if (option == "--delete" && !isOld && !options.Has("--yes") && !context.Input.StartsWith("y", StringComparison.OrdinalIgnoreCase))
            throw RequestException.Client("Deletion aborted");
        lock (context.World.Sync)
        {
            IReadOnlyList<EnvironmentRecord> found = context.World.Environments.Find(context.Site, lookup);
            if (found.Count == 0) throw RequestException.Client($"Resource not found {path}");
            foreach (EnvironmentRecord record in option == "--delete" ? found : found.Take(1)) Change(record, path);
        }
        context.World.NotifyChanged();
    }

    void Change(EnvironmentRecord record, string path)
    {
        switch (option)
        {
            case "--delete": context.World.Environments.Remove(context.Site, record); break;
            case "--toggle-destructive-tag": record.IsDestructive = !record.IsDestructive; break;
            case "--set-visibility-tag": SetVisibility(record, options.Last("--visibility-tag")!, path); break;
            case "--update-image-checksum": Update(record, [record.ImageFile]); break;
            case "--update-preinstall-checksum": Update(record, record.PreinstallFile is { } archive ? [archive] : []); break;
            default: Update(record, record.PostinstallFiles); break;
        }
    }

    static void SetVisibility(EnvironmentRecord record, string visibility, string path)
    {
        if (visibility == "public") throw RequestException.Forbidden("Only administrators can use the \"public\" tag", $"PUT {path}");
        if (record.Visibility == visibility) throw RequestException.NothingModified();
        record.Visibility = visibility;
    }

    /// <summary>The first file that is as it was ends it, as in the real one.</summary>
    void Update(EnvironmentRecord record, IReadOnlyList<string> files)
    {
        if (files.Count == 0) throw RequestException.NothingModified();
        foreach (string file in files)
        {
            string checksum = EnvironmentFiles.Checksum(context, file);
            if (record.Checksums.GetValueOrDefault(file) == checksum) throw RequestException.NothingModified();
            record.Checksums[file] = checksum;
        }
    }

    /// <summary>The files whose checksums are kept.</summary>
    public static IEnumerable<string> Files(EnvironmentRecord record) =>
        record.PostinstallFiles.Append(record.ImageFile).Concat(record.PreinstallFile is { } archive ? [archive] : Array.Empty<string>())
        .Distinct(StringComparer.Ordinal);
}
