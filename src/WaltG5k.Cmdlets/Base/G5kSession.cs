using System.Collections.Concurrent;
using WaltG5k.Base;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations.Planning.Reading;

namespace WaltG5k;

/// <summary>A connection that Connect-G5k made: the grid, and what this process runs on it.</summary>
public sealed class G5kSession
{
    readonly ConcurrentDictionary<string, DrivenDeployment> _runs = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Task, byte> _background = new();
    readonly EventHandler _onExit;
    NodeExecutor? _nodes;
    int _closed;

    internal G5kSession(IGrid grid, string description)
    {
        Grid = grid;
        Description = description;
        ConnectedAt = grid.Time.GetUtcNow();
        _onExit = (_, _) => WaitForBackground(TimeSpan.FromSeconds(10));
        AppDomain.CurrentDomain.ProcessExit += _onExit;
    }

    /// <summary><c>testbed</c> or <c>grid5000</c>.</summary>
    public string Name => Grid.Name;
    public string User => Grid.User;
    /// <summary>The site whose front-end this is, if any.</summary>
    public string? Site => Grid.LocalSite;
    public string HomeDirectory => Grid.HomeDirectory;
    /// <summary>What was connected to: <c>embedded testbed, 60 times faster</c>.</summary>
    public string Description { get; }
    /// <summary>On the clock of the grid.</summary>
    public DateTimeOffset ConnectedAt { get; }
    public bool IsConnected => Volatile.Read(ref _closed) == 0;

    internal IGrid Grid { get; }
    /// <summary>The WalT server that Connect-WaltServer made the current one.</summary>
    internal WaltConnection? WaltConnection { get; set; }
    /// <summary>What the deployments of this process say.</summary>
    internal SessionRelay Relay { get; } = new();
    /// <summary>What was planned at the sites some seconds ago.</summary>
    internal ScheduleCache Schedules { get; } = new();
    /// <summary>Names of images seen in this session, for completion.</summary>
    internal ConcurrentDictionary<string, byte> ImageNames { get; } = new(StringComparer.Ordinal);
    /// <summary>Nodes of WalT servers seen in this session and their addresses, for completion.</summary>
    internal ConcurrentDictionary<string, string> WaltNodeNames { get; } = new(StringComparer.Ordinal);
    /// <summary>Connections to WalT nodes that stay open for the next command, and ports of nodes that are open on this machine.</summary>
    internal WaltResources WaltResources { get; } = new();
    /// <summary>Ports of virtual machines that are open on this machine.</summary>
    internal PortForwards PortForwards { get; } = new();
    /// <summary>Links by which images can be cloned, with the node models, as searches found them.</summary>
    internal ConcurrentDictionary<string, string> ImageLinks { get; } = new(StringComparer.Ordinal);
    /// <summary>Labels of image registries.</summary>
    internal ConcurrentDictionary<string, byte> RegistryNames { get; } = new(StringComparer.Ordinal);
    /// <summary>Reservations seen in this session, for completion.</summary>
    internal ConcurrentDictionary<string, byte> ReservationNames { get; } = new(StringComparer.Ordinal);
    /// <summary>Jobs seen in this session (<c>site:id</c>) and what they were then, for completion.</summary>
    internal ConcurrentDictionary<string, string> JobNames { get; } = new(StringComparer.Ordinal);
    /// <summary>VLANs seen in this session (<c>site:id</c>) and their kinds, for completion.</summary>
    internal ConcurrentDictionary<string, string> VlanNames { get; } = new(StringComparer.Ordinal);
    /// <summary>Whether the DHCP of a VLAN was last started or stopped here: nothing else tells.</summary>
    internal ConcurrentDictionary<(string Site, string Id), bool> VlanDhcp { get; } = new();
    /// <summary>Runs commands on deployed nodes, over connections that stay open for the next command.</summary>
    internal NodeExecutor Nodes => LazyInitializer.EnsureInitialized(ref _nodes, () => new NodeExecutor(Grid))!;

    /// <summary>The operations of Kadeploy that this session has seen: site and state by id.</summary>
    internal ConcurrentDictionary<string, (string Site, string ToolTip)> WorkflowNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Devices of WalT networks seen in this session and their types, for completion.</summary>
    internal ConcurrentDictionary<string, string> DeviceNames { get; } = new(StringComparer.Ordinal);
    /// <summary>Checkpoints seen in this session, for completion.</summary>
    internal ConcurrentDictionary<string, DateTimeOffset> CheckpointNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Deployments that this process drives now.</summary>
    internal IReadOnlyList<DrivenDeployment> ActiveRuns => [.. _runs.Values.Where(r => !r.Ended.IsCompleted)];

    internal void Add(DrivenDeployment run)
    {
        _runs[run.Id] = run;
        Track(run.Ended.ContinueWith(_ => _runs.TryRemove(run.Id, out DrivenDeployment? _), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default), waitAtExit: false);
    }

    /// <summary>Work that goes on behind the prompt, such as the release of jobs after Ctrl-C. The process gives it some time when it ends.</summary>
    internal void Track(Task work, bool waitAtExit = true)
    {
        if (waitAtExit) _background.TryAdd(work, 0);
        _ = work.ContinueWith(t =>
        {
            _ = t.Exception;
            _background.TryRemove(t, out byte _);
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    internal async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
        await Task.WhenAny(Task.WhenAll(_background.Keys), Task.Delay(TimeSpan.FromSeconds(10))).ConfigureAwait(false);
        await WaltResources.DisposeAsync().ConfigureAwait(false);
        await PortForwards.DisposeAsync().ConfigureAwait(false);
        if (_nodes is { } nodes) await nodes.DisposeAsync().ConfigureAwait(false);
        await Grid.DisposeAsync().ConfigureAwait(false);
    }

    public override string ToString() => Name;

    void WaitForBackground(TimeSpan limit)
    {
        try { Task.WaitAll([.. _background.Keys], limit); }
        catch (AggregateException) { /* its failure is in the journal */ }
    }
}
