using System.Collections;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Recipes;
using WaltG5k.Parameters;

namespace WaltG5k.Completers;

/// <summary>Completes recipes from the user's files.</summary>
public sealed class RecipeCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : new RecipeStore(session.Grid).GetNames().Select(n => (n, ""));
}

/// <summary>Completes deployments from their journals.</summary>
public sealed class DeploymentCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : new DeploymentService(session.Grid, SilentReporter.Instance).GetAll().Select(d => (d.Id, $"{d.State} {d.ServerSite}"));
}

/// <summary>
/// Completes nodes of WalT platforms: those of the deployment that is alive, those seen in this session, and WalT's words for sets.
/// </summary>
public sealed class WaltNodeCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound)
    {
        if (session is null) return [];
        IEnumerable<(string Name, string ToolTip)> deployed = new DeploymentService(session.Grid, SilentReporter.Instance)
            .GetCurrent()?.Nodes.Select(n => (n.WaltName, n.Name)) ?? [];
        return [.. deployed.Concat(session.WaltNodeNames.Select(n => (n.Key, n.Value))).DistinctBy(n => n.Item1)
            .OrderBy(n => n.Item1, StringComparer.Ordinal), .. NodeWords.ToolTips];
    }
}

/// <summary>Completes images that this session has seen, and the one that every WalT server has.</summary>
public sealed class ImageCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        (session?.ImageNames.Keys ?? []).Append("pc-x86-64-default").Distinct().Order(StringComparer.Ordinal).Select(i => (i, ""));
}

/// <summary>Completes links to images that this session has seen, and places where images are.</summary>
public sealed class ImageLinkCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        (session?.ImageLinks.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => (l.Key, l.Value)) ?? [])
            .Concat([("hub:waltplatform/", "the Docker hub"), ("walt:", "another user of the server"),
            ("docker:", "the Docker daemon of the server")]);
}

/// <summary>Completes registries that this session has seen, and the one that every WalT server has.</summary>
public sealed class RegistryCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        (session?.RegistryNames.Keys ?? []).Append("hub").Distinct().Order(StringComparer.Ordinal).Select(r => (r, ""));
}

/// <summary>Completes reservations that this session has seen.</summary>
public sealed class ReservationCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : session.ReservationNames.Keys.Order(StringComparer.Ordinal).Select(r => (r, ""));
}

/// <summary>Completes names of environments that can become a WalT server.</summary>
public sealed class ServerEnvironmentCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        [("debian12-min", "for -Installation Packages"), ("debian12-base", "for -Installation Packages"),
        ("debian12-nfs", "for -Installation Packages")];
}
