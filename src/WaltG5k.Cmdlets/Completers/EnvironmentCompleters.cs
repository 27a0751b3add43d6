using System.Collections;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Completers;

/// <summary>Completes environments that this machine has seen, those of the given sites if any; what another user shares with its owner.</summary>
public sealed class EnvironmentCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        EnvironmentNames.Read(cache, bound)
            .Select(e => e.User is null or "deploy" || e.User == session?.User ? e.Name : $"{e.Name}@{e.User}")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(n => (n, ""));
}

/// <summary>Completes the versions of the environments that are named.</summary>
public sealed class EnvironmentVersionCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound)
    {
        HashSet<string> names = [.. Given(bound, "Name").Concat(Given(bound, "Environment"))
            .Select(n => EnvironmentSpecification.TryParse(n)?.Name ?? n)];
        return EnvironmentNames.Read(cache, bound).Where(e => e.Version is not null && (names.Count == 0 || names.Contains(e.Name)))
            .GroupBy(e => e.Version!.Value).OrderByDescending(v => v.Key)
            .Select(v => (FormattableString.Invariant($"{v.Key}"), string.Join(", ", v.Select(e => e.Name).Distinct().Take(5))));
    }
}

/// <summary>Completes the owners of environments.</summary>
public sealed class EnvironmentUserCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        EnvironmentNames.Read(cache, bound).Select(e => e.User).OfType<string>().Append("deploy").Append(session?.User ?? "deploy")
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(u => (u, u == "deploy" ? "Grid'5000's staff" : u == session?.User ? "you" : ""));
}

/// <summary>Completes the architectures of environments.</summary>
public sealed class ArchitectureCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        [("x86_64", "Intel and AMD"), ("aarch64", "ARM"), ("ppc64le", "POWER")];
}

static class EnvironmentNames
{
    public static IEnumerable<EnvironmentSpecification> Read(NameCache cache, IDictionary bound)
    {
        HashSet<string> sites = NameCompleter.Given(bound, "Site");
        return cache.Read().Environments.Where(s => sites.Count == 0 || sites.Contains(s.Key)).SelectMany(s => s.Value)
            .Select(EnvironmentSpecification.TryParse).OfType<EnvironmentSpecification>();
    }
}
