using System.Globalization;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>
/// The virtual machines of the testbed: they take memory of their hosts, boot, answer ssh, shut down, and die with their host. Which program runs
/// them makes no difference.
/// </summary>
internal sealed class GuestLife
{
    /// <summary>Firmware, kernel, systemd and cloud-init of a cloud image on an idle host.</summary>
    static readonly TimeSpan s_boot = TimeSpan.FromSeconds(24);
    /// <summary>What each other guest that boots on the same host at the same time adds.</summary>
    static readonly TimeSpan s_crowd = TimeSpan.FromSeconds(0.5);
    static readonly TimeSpan s_shutDown = TimeSpan.FromSeconds(6);
    static readonly TimeSpan s_tick = TimeSpan.FromSeconds(0.5);
    const int MebibytesOfSystem = 512, MebibytesPerGibibyte = 1024;

    readonly TestbedWorld _world;
    readonly List<Guest> _guests = [];

    public GuestLife(TestbedWorld world)
    {
        _world = world;
        world.NodeLife.WentDown += KillAll;
    }

    /// <summary>Those that run.</summary>
    public IReadOnlyList<Guest> All
    {
        get { lock (_world.Sync) return [.. _guests]; }
    }

    public IReadOnlyList<Guest> On(NodeModel host)
    {
        lock (_world.Sync) return [.. _guests.Where(g => g.Host == host)];
    }

    public Guest? Find(NodeModel host, string name)
    {
        lock (_world.Sync) return _guests.FirstOrDefault(g => g.Host == host && g.Name == name);
    }

    /// <summary>The guest that answers on a port of its host.</summary>
    public (Guest Guest, int Port)? FindByPort(NodeModel host, int port)
    {
        lock (_world.Sync)
            return _guests.FirstOrDefault(g => g.Host == host && g.Specification.Ports.ContainsKey(port)) is { } guest
                ? (guest, guest.Specification.Ports[port])
                : null;
    }

    /// <summary>The guest that has an address now, in whatever network.</summary>
    public Guest? FindByAddress(string address)
    {
        lock (_world.Sync) return _guests.FirstOrDefault(g => AddressOf(g) == address);
    }

    /// <summary>Whether packets get from the default network of the sites to a guest: not into a local VLAN.</summary>
    public bool IsRouted(Guest guest)
    {
        lock (_world.Sync) return VlanOf(guest) is not { } vlan || _world.FindVlan(guest.Host.Site, vlan) is not { Type: "kavlan-local" };
    }

    /// <summary>Whether packets get from a host to a guest.</summary>
    public bool Reaches(NodeModel from, Guest guest)
    {
        lock (_world.Sync)
            return IsRouted(guest) || from.Nics.Any(n => from.GetVlan(n.Device) == VlanOf(guest));
    }

    /// <summary>What the network gives to the MAC of a guest; null: nothing.</summary>
    public string? AddressOf(Guest guest)
    {
        GuestSpecification wanted = guest.Specification;
        if (wanted.Bridge is null || wanted.Mac.Length == 0) return null;
        if (wanted.Address is not null) return wanted.Address;
        lock (_world.Sync) return VlanOf(guest) is { } vlan ? FindLease(guest, vlan) : FindSubnetAddress(guest);
    }

    /// <summary>Starts a guest, which then boots by itself.</summary>
    /// <returns>QEMU's complaint where the host cannot have it, else null.</returns>
    public string? TryStart(NodeModel host, GuestSpecification wanted, out Guest? guest)
    {
        lock (_world.Sync)
        {
            guest = null;
            if (wanted.Ports.Keys.FirstOrDefault(p => FindByPort(host, p) is not null) is var port and not 0)
                return string.Create(CultureInfo.InvariantCulture, $"Could not set up host forwarding rule 'tcp::{port}-:{wanted.Ports[port]}'");
            long free = host.RamGiB * MebibytesPerGibibyte - MebibytesOfSystem - _guests.Where(g => g.Host == host)
                .Sum(g => (long)g.Specification.Memory);
            if (wanted.Memory > free) return "cannot set up guest memory 'pc.ram': Cannot allocate memory";
            guest = new Guest(host, wanted) { IsSilent = _world.Faults.Strikes(FaultNames.GuestSilent, [wanted.Name, .. NodeLife.NamesOf(host)]) };
            _guests.Add(guest);
        }
        _ = BootAsync(guest);
        _world.NotifyChanged();
        return null;
    }

    /// <summary>One that ran when the testbed was closed.</summary>
    public void Restore(NodeModel host, GuestSpecification wanted, bool isSilent)
    {
        lock (_world.Sync) _guests.Add(new Guest(host, wanted) { Power = GuestPower.Up, IsSilent = isSilent });
    }

    /// <summary>Presses the power button. The guest takes its time, or does not listen at all.</summary>
    public async Task ShutDownAsync(Guest guest, CancellationToken cancellationToken = default)
    {
        lock (_world.Sync)
        {
            if (guest.Power != GuestPower.Up || _world.Faults.Strikes(FaultNames.GuestDeaf, [guest.Name, .. NodeLife.NamesOf(guest.Host)])) return;
            guest.Power = GuestPower.ShuttingDown;
        }
        await Task.Delay(s_shutDown * _world.Faults.Jitter(), _world.Time, cancellationToken).ConfigureAwait(false);
        Kill(guest);
    }

    /// <summary>Takes its power away.</summary>
    public void Kill(Guest guest)
    {
        lock (_world.Sync)
        {
            guest.Power = GuestPower.Off;
            if (!_guests.Remove(guest)) return;
        }
        guest.Ended.TrySetResult();
        _world.NotifyChanged();
    }

    async Task BootAsync(Guest guest)
    {
        TimeSpan time;
        lock (_world.Sync) time = s_boot * _world.Faults.Jitter()
            + s_crowd * _guests.Count(g => g != guest && g.Host == guest.Host && g.Power == GuestPower.Booting);
        // Guests that boot side by side share the moments at which the clock has to stop.
        long due = _world.Time.GetUtcNow().Ticks + time.Ticks;
        time += TimeSpan.FromTicks((s_tick.Ticks - due % s_tick.Ticks) % s_tick.Ticks);
        await Task.Delay(time, _world.Time, _world.NodeLife.Closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_world.Sync)
        {
            if (guest.Power != GuestPower.Booting) return;
            guest.Power = GuestPower.Up;
        }
        _world.NotifyChanged();
    }

    void KillAll(NodeModel host)
    {
        foreach (Guest guest in On(host)) Kill(guest);
    }

    static string? VlanOf(Guest guest) => guest.Specification.Bridge is { } device && guest.Host.GetVlan(device) is var vlan and not "DEFAULT"
        ? vlan
        : null;

    /// <summary>The DHCP servers of the sites know the MACs that belong to the subnets which jobs hold.</summary>
    string? FindSubnetAddress(Guest guest)
    {
        string[] pairs = guest.Specification.Mac.Split(':');
        if (pairs.Length != 6 || string.Join(':', pairs[..3]) != "00:16:3E") return null;
        byte[] bytes = [.. pairs[3..].Select(p => byte.Parse(p, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        string address = string.Create(CultureInfo.InvariantCulture, $"10.{bytes[0]}.{bytes[1]}.{bytes[2]}");
        var ip = System.Net.IPAddress.Parse(address);
        return _world.Jobs.Values.Any(j => j.IsRunning && j.Site == guest.Host.Site
            && j.Subnets.Any(s => System.Net.IPNetwork.Parse(s).Contains(ip))) ? address : null;
    }

    /// <summary>What a dnsmasq on a host in the same VLAN has for the MAC.</summary>
    string? FindLease(Guest guest, string vlan)
    {
        VlanModel? network = _world.FindVlan(guest.Host.Site, vlan);
        foreach (NodeModel server in _world.Nodes.Values)
        {
            if (_world.NodeLife.FindDisk(server) is not { } disk || server.Power != NodePower.Up || !disk.Files.ContainsKey(DnsmasqRunning)) continue;
            if (!server.Nics.Any(n => _world.FindVlan(server.Site, server.GetVlan(n.Device)) == network)) continue;
            foreach (string line in disk.Files.Where(f => f.Key.StartsWith("/etc/dnsmasq.d/", StringComparison.Ordinal))
                .SelectMany(f => f.Value.Split('\n')))
            {
                if (!line.StartsWith("dhcp-host=", StringComparison.Ordinal)) continue;
                string[] fields = line["dhcp-host=".Length..].TrimStart(':').Split(',');
                if (fields.Length >= 3 && fields[0].Equals(guest.Specification.Mac, StringComparison.OrdinalIgnoreCase)) return fields[2];
            }
        }
        return null;
    }

    /// <summary>There while dnsmasq runs on a node.</summary>
    public const string DnsmasqRunning = "/run/dnsmasq/dnsmasq.pid";
}
