using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>The environments registered at one site, through kaenv3 on its front-end.</summary>
/// <param name="user">The Grid'5000 login: one's own environments are the only ones that can be changed.</param>
public sealed class EnvironmentRegistry(IFrontend frontend, string user) : IEnvironmentCatalog
{
    /// <summary>
    /// Environments printed by one command line: kaenv3 takes a third of a second for each, a login at the front-end as long again.
    /// </summary>
    const int PrintedAtOnce = 20;
    const int ForcedVersions = 5;
    const string Mark = "# kaenv3 ";
    static readonly TimeSpan s_printTime = TimeSpan.FromSeconds(15);

    /// <summary>Version 3.3 knows no architectures and asks for no confirmation: learnt from its first complaint.</summary>
    volatile bool _isOld;

    public string Site => frontend.Site;

    /// <summary>The environments that the user sees, or those that another user shares with him; as they are read.</summary>
    /// <param name="owner">Null: one's own and the public ones.</param>
    /// <param name="isWanted">Asked with each name before the description is read.</param>
    /// <exception cref="G5kException"><c>EnvironmentFailed</c>, or the front-end cannot be reached.</exception>
    public async IAsyncEnumerable<EnvironmentInfo> ListAsync(string? owner, bool allVersions, Func<string, bool> isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyList<EnvironmentRow> rows = [.. (await ReadRowsAsync(owner, allVersions, cancellationToken).ConfigureAwait(false))
            .Where(r => isWanted(r.Name)).Distinct()];
        foreach (EnvironmentRow[] chunk in rows.Chunk(PrintedAtOnce))
        {
            foreach (EnvironmentInfo environment in await PrintAsync(chunk, cancellationToken).ConfigureAwait(false)) yield return environment;
        }
    }

    /// <summary>One environment by its name or alias: one's own before a public one, the newest version unless one is named.</summary>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="G5kException"><c>EnvironmentFailed</c>.</exception>
    public async Task<EnvironmentInfo?> FindAsync(EnvironmentSpecification specification, CancellationToken cancellationToken = default)
    {
        CommandResult result = await RunAsync(["-p", specification.Name, .. specification.User is { } owner ? (string[])["-u", owner] : []],
            specification.Version, specification.Architecture,
            CommandEffect.Read, cancellationToken).ConfigureAwait(false);
        if (EnvironmentErrors.IsUnknown(result)) return null;
        if (result.ExitStatus != 0) throw EnvironmentErrors.From(Site, result, specification.ToString());
        if (ReadAll(result.Output, specification.User).FirstOrDefault() is not { } found) return null;
        if (specification.User is not null) return found;
        // kaenv3 does not say whose it is; its list does.
        IReadOnlyList<EnvironmentRow> rows = await ReadRowsAsync(null, allVersions: true, cancellationToken).ConfigureAwait(false);
        EnvironmentRow[] same = [.. rows.Where(r => r.Name == found.Name && r.Version == found.Version)];
        string? whose = same.FirstOrDefault(r => r.User == user)?.User ?? same.FirstOrDefault()?.User;
        return found with { Definition = found.Definition with { Owner = whose } };
    }

    /// <summary>Registers a description as one's own.</summary>
    /// <param name="force">Where the name and version are taken: register it as the version after the newest.</param>
    /// <exception cref="G5kException"><c>EnvironmentInvalid</c>, <c>EnvironmentExists</c>, <c>EnvironmentFileMissing</c>, <c>EnvironmentDenied</c>,
    /// <c>EnvironmentFailed</c>.</exception>
    public async Task<EnvironmentInfo> RegisterAsync(EnvironmentDescription description, bool force, CancellationToken cancellationToken = default)
    {
        for (int attempt = 1; ; attempt++)
        {
            string text = DescriptionWriter.Write(description);
            DescriptionFinding[] errors = [.. DescriptionReader.Read(text).Findings.Where(f => f.Severity == DescriptionSeverity.Error)];
            if (errors.Length > 0) throw EnvironmentErrors.Invalid(description, errors);
            CommandResult result = await AddAsync(text, cancellationToken).ConfigureAwait(false);
            if (result.ExitStatus == 0) return new EnvironmentInfo(Site, description with { Owner = user });
            if (!force || !EnvironmentErrors.IsExisting(result) || attempt == ForcedVersions)
                throw EnvironmentErrors.From(Site, result, string.Create(CultureInfo.InvariantCulture, $"{description.Name}:{description.Version}"));
            IReadOnlyList<EnvironmentRow> rows = await ReadRowsAsync(user, allVersions: true, cancellationToken).ConfigureAwait(false);
            description = description with { Version = rows.Where(r => r.Name == description.Name).Select(r => r.Version).Append(description.Version)
                .Max() + 1 };
        }
    }

    /// <summary>Removes one version of an environment. Its files stay.</summary>
    /// <exception cref="G5kException"><c>EnvironmentNotFound</c>, <c>EnvironmentDenied</c>, <c>EnvironmentFailed</c>.</exception>
    public Task UnregisterAsync(EnvironmentInfo environment, CancellationToken cancellationToken = default) =>
        ChangeAsync(environment, cancellationToken, "-d", environment.Name);

    /// <returns>False: it was so already.</returns>
    /// <exception cref="G5kException"><c>EnvironmentNotFound</c>, <c>EnvironmentDenied</c>, <c>EnvironmentFailed</c>.</exception>
    public Task<bool> SetVisibilityAsync(EnvironmentInfo environment, EnvironmentVisibility visibility,
        CancellationToken cancellationToken = default) =>
        ChangeAsync(environment, cancellationToken, "--set-visibility-tag", environment.Name, "-t", visibility.ToString().ToLowerInvariant());

    /// <summary>
    /// Marks it as destructive, or no more. Kadeploy can only turn the mark over: what is there is read first, and again afterwards.
    /// </summary>
    /// <returns>False: it was so already.</returns>
    /// <exception cref="G5kException"><c>EnvironmentNotFound</c>, <c>EnvironmentDenied</c>, <c>EnvironmentUnchanged</c>,
    /// <c>EnvironmentFailed</c>.</exception>
    public async Task<bool> SetDestructiveAsync(EnvironmentInfo environment, bool isDestructive, CancellationToken cancellationToken = default)
    {
        if (await IsDestructiveAsync(environment, cancellationToken).ConfigureAwait(false) == isDestructive) return false;
        await ChangeAsync(environment, cancellationToken, "--toggle-destructive-tag", environment.Name).ConfigureAwait(false);
        if (await IsDestructiveAsync(environment, cancellationToken).ConfigureAwait(false) == isDestructive) return true;
        throw new G5kException("EnvironmentUnchanged", ErrorKind.InvalidOperation,
            $"Kadeploy at {Site} says that {environment} was changed, and shows it as it was.", environment.Specification,
            "Try again: somebody else may have changed it at the same time.");
    }

    /// <summary>
    /// Takes the checksums of all its files as they are now: after an image, or an archive of Grid'5000's own, was replaced under the same name.
    /// </summary>
    /// <returns>False: all were right.</returns>
    /// <exception cref="G5kException"><c>EnvironmentNotFound</c>, <c>EnvironmentFileMissing</c>, <c>EnvironmentDenied</c>,
    /// <c>EnvironmentFailed</c>.</exception>
    public async Task<bool> UpdateChecksumsAsync(EnvironmentInfo environment, CancellationToken cancellationToken = default)
    {
        bool hasChanged = await ChangeAsync(environment, cancellationToken, "--update-image-checksum", environment.Name).ConfigureAwait(false);
        if (environment.Definition.Preinstall is not null)
            hasChanged |= await ChangeAsync(environment, cancellationToken, "--update-preinstall-checksum", environment.Name).ConfigureAwait(false);
        if (environment.Definition.Postinstalls.Count > 0)
            hasChanged |= await ChangeAsync(environment, cancellationToken, "--update-postinstalls-checksum", environment.Name).ConfigureAwait(false);
        return hasChanged;
    }

    async Task<bool> IsDestructiveAsync(EnvironmentInfo environment, CancellationToken cancellationToken)
    {
        var specification = new EnvironmentSpecification(environment.Name) { User = OwnerOf(environment), Version = environment.Version,
            Architecture = environment.Architecture };
        return (await FindAsync(specification, cancellationToken).ConfigureAwait(false)
            ?? throw EnvironmentErrors.NotFound(Site, environment.Specification)).IsDestructive;
    }

    /// <summary>Exactly the version meant: without one kaenv3 would take the newest, or when deleting with -s all of them.</summary>
    async Task<bool> ChangeAsync(EnvironmentInfo environment, CancellationToken cancellationToken, params string[] words)
    {
        CommandResult result = await RunAsync([.. words, "-u", OwnerOf(environment)], environment.Version, environment.Architecture,
            CommandEffect.Change, cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus == 0) return true;
        return EnvironmentErrors.IsUnchanged(result) ? false : throw EnvironmentErrors.From(Site, result, environment.Specification);
    }

    string OwnerOf(EnvironmentInfo environment) => environment.User.Length > 0 ? environment.User : user;

    /// <summary>kaenv3 wants a file on its machine.</summary>
    async Task<CommandResult> AddAsync(string description, CancellationToken cancellationToken)
    {
        string path = $"/tmp/waltg5k-environment-{RandomNumberGenerator.GetHexString(12, lowercase: true)}.yaml";
        try
        {
            await frontend.WriteFileAsync(path, description, cancellationToken).ConfigureAwait(false);
            return await frontend.RunAsync(new CommandRequest("kaenv3", "-a", path) { Effect = CommandEffect.Change }, null, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            try { await frontend.DeleteFileAsync(path, CancellationToken.None).ConfigureAwait(false); }
            catch (G5kException) { /* a small file in /tmp, and a failure that matters more */ }
        }
    }

    /// <summary>kaenv3, with the words that only newer versions know as long as this one does not refuse them.</summary>
    async Task<CommandResult> RunAsync(IReadOnlyList<string> words, long? version, string? architecture, CommandEffect effect,
        CancellationToken cancellationToken)
    {
        string[] all = ["kaenv3", .. words, .. version is { } number
            ? (string[])["--env-version", number.ToString(CultureInfo.InvariantCulture)]
            : []];
        string[] newer = [.. architecture is null ? [] : (string[])["--env-arch", architecture], .. words[0] == "-d" ? (string[])["--yes"] : []];
        if (!_isOld && newer.Length > 0)
        {
            CommandResult result = await frontend.RunAsync(new CommandRequest([.. all, .. newer]) { Effect = effect }, null, cancellationToken)
                .ConfigureAwait(false);
            if (!EnvironmentErrors.IsUnknownOption(result)) return result;
            _isOld = true;
        }
        return await frontend.RunAsync(new CommandRequest(all) { Effect = effect }, null, cancellationToken).ConfigureAwait(false);
    }

    async Task<IReadOnlyList<EnvironmentRow>> ReadRowsAsync(string? owner, bool allVersions, CancellationToken cancellationToken)
    {
        CommandResult result = await frontend.RunAsync(
            new CommandRequest(["kaenv3", "-l", .. allVersions ? (string[])["-s"] : [], .. owner is null ? [] : (string[])["-u", owner]]),
            null, cancellationToken).ConfigureAwait(false);
        return result.ExitStatus == 0 ? EnvironmentRow.Read(result.Output) : throw EnvironmentErrors.From(Site, result, owner ?? "environments");
    }

    /// <summary>Prints several by one command line; what has gone meanwhile is left out.</summary>
    async Task<IReadOnlyList<EnvironmentInfo>> PrintAsync(EnvironmentRow[] rows, CancellationToken cancellationToken)
    {
        // The name alone does not tell the architecture: each version is printed in all of them.
        string script = string.Join('\n', rows.Select(r =>
            $"{PosixShell.Join(["kaenv3", "-p", r.Name, "-u", r.User, "--env-version", r.Version.ToString(CultureInfo.InvariantCulture)])}; echo '{Mark}'$?"));
        var request = new CommandRequest("sh", "-c", script) { Timeout = s_printTime * Math.Max(2, rows.Length) };
        CommandResult result = await frontend.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        var found = new List<EnvironmentInfo>();
        string[] parts = ("\n" + result.Output).Split("\n" + Mark);
        if (parts.Length <= rows.Length) throw EnvironmentErrors.From(Site, result, "environments");
        for (int i = 0; i < rows.Length; i++)
        {
            // A part begins with the status of the command before it.
            string text = i == 0 ? parts[0] : parts[i][(parts[i].IndexOf('\n', StringComparison.Ordinal) is >= 0 and int end
                ? end
                : parts[i].Length)..];
            found.AddRange(ReadAll(text, rows[i].User));
        }
        return found;
    }

    /// <summary>Documents as kaenv3 prints them, one after the other.</summary>
    IEnumerable<EnvironmentInfo> ReadAll(string output, string? owner)
    {
        foreach (string document in ("\n" + output).Split("\n---"))
        {
            if (document.Trim().Length == 0 || DescriptionReader.Read(document.TrimStart('\n', '\r')).Description is not { } description) continue;
            yield return new EnvironmentInfo(Site, description with { Owner = description.Owner ?? owner });
        }
    }
}
