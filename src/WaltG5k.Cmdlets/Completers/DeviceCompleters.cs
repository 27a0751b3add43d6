using System.Collections;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Settings;

namespace WaltG5k.Completers;

/// <summary>Completes devices that this session has seen, nodes of the deployment that is alive, and WalT's words for sets.</summary>
public sealed class WaltDeviceCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound)
    {
        if (session is null) return [];
        Dictionary<string, string> names = new(session.DeviceNames, StringComparer.Ordinal);
        foreach (DeploymentNode node in new DeploymentService(session.Grid, SilentReporter.Instance).GetCurrent()?.Nodes ?? [])
            names.TryAdd(node.WaltName, node.Name);
        names.TryAdd(WaltServer.ServerIssuer, "server");
        return names.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => (n.Key, n.Value))
            .Concat(WaltServer.DeviceSetWords.Select(w => (w, "a set of devices")));
    }
}

/// <summary>Completes switches that this session has seen.</summary>
public sealed class WaltSwitchCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : session.DeviceNames.Where(d => d.Value == "switch").OrderBy(d => d.Key, StringComparer.Ordinal)
        .Select(d => (d.Key, d.Value));
}

/// <summary>Completes checkpoints that this session has seen.</summary>
public sealed class CheckpointCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        session is null ? [] : session.CheckpointNames.OrderBy(c => c.Value).Select(c => (c.Key, $"{c.Value.ToLocalTime():u}"));
}

/// <summary>Completes the names of settings, up to their values.</summary>
public sealed class SettingCompleter : NameCompleter
{
    internal override IEnumerable<(string Name, string ToolTip)> GetNames(NameCache cache, G5kSession? session, IDictionary bound) =>
        WaltSetting.All.Select(s => (s.Name + "=", $"{s.Values}; for {s.ScopeText}"));
}
