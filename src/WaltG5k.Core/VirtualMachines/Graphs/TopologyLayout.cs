using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Graphs;

/// <summary>A rectangle in pixels.</summary>
readonly record struct Box(double X, double Y, double Width, double Height)
{
    public Box Move(double x, double y) => this with { X = X + x, Y = Y + y };
}

/// <summary>A box with its heading, and the boxes in it; where it stands is relative to the whole picture.</summary>
sealed record LayoutItem(Box Box, string Title, object Part, IReadOnlyList<LayoutItem> Children)
{
    public LayoutItem Move(double x, double y) => this with { Box = Box.Move(x, y), Children = [.. Children.Select(c => c.Move(x, y))] };
}

/// <summary>
/// Sites around clusters around hosts around machines, each level set in rows whose width makes the whole about as wide as a screen. Hosts are as
/// wide as the number of their machines asks; with many machines these become small squares without text.
/// </summary>
sealed class TopologyLayout
{
    const double Gap = 10, Heading = 24, Aspect = 1.5;
    const double HostWidth = 150;
    /// <summary>Up to that many machines each has its name and size on two lines; up to the next one its name; beyond a square.</summary>
    const int FewMachines = 40, ManyMachines = 240;

    readonly double _cellWidth, _cellHeight;

    public TopologyLayout(VMTopology topology)
    {
        Detail = topology.MachineCount <= FewMachines ? 2 : topology.MachineCount <= ManyMachines ? 1 : 0;
        (_cellWidth, _cellHeight) = Detail switch { 2 => (110.0, 34.0), 1 => (66.0, 18.0), _ => (14.0, 14.0) };
        Sites = Rows([.. topology.Hosts.GroupBy(h => h.Site).Select(Site)], Gap, 0, out double width, out double height);
        (Width, Height) = (width + Gap, height + Gap);
    }

    /// <summary>Lines of text in a machine's box: 2, 1 or 0.</summary>
    public int Detail { get; }
    public IReadOnlyList<LayoutItem> Sites { get; }
    public double Width { get; }
    public double Height { get; }

    LayoutItem Site(IGrouping<string, VMHost> site) =>
        Around(site.Key.Length > 0 ? site.Key : "no site", site.Key, [.. site.GroupBy(h => h.Cluster).Select(Cluster)]);

    LayoutItem Cluster(IGrouping<string, VMHost> cluster) =>
        Around(cluster.Key.Length > 0 ? cluster.Key : "no cluster", cluster.Key, [.. cluster.Select(Host)]);

    static LayoutItem Around(string title, object part, LayoutItem[] children)
    {
        IReadOnlyList<LayoutItem> placed = Rows(children, Gap, Heading, out double width, out double height);
        return new LayoutItem(new Box(0, 0, width + Gap, height + Gap), title, part, placed);
    }

    LayoutItem Host(VMHost host)
    {
        int count = host.Machines.Count;
        // About as wide as high, and never narrower than its name.
        int columns = Math.Max(1, (int)Math.Max(Math.Floor((HostWidth - Gap) / (_cellWidth + 4)),
            Math.Ceiling(Math.Sqrt(count * _cellHeight / _cellWidth))));
        var cells = new LayoutItem[count];
        for (int i = 0; i < count; i++)
        {
            double x = Gap / 2 + 2 + i % columns * (_cellWidth + 4), y = Heading + 12 + i / columns * (_cellHeight + 4);
            cells[i] = new LayoutItem(new Box(x, y, _cellWidth, _cellHeight), host.Machines[i].Id, host.Machines[i], []);
        }
        double width = Math.Max(HostWidth, Gap + Math.Min(columns, Math.Max(1, count)) * (_cellWidth + 4));
        int rows = (count + columns - 1) / columns;
        return new LayoutItem(new Box(0, 0, width, Heading + 14 + rows * (_cellHeight + 4) + (rows > 0 ? 4 : 0)), host.ShortName, host, cells);
    }

    /// <summary>
    /// Sets boxes in rows, left to right: of all widths that the first row may have, the one that brings the whole nearest to <see cref="Aspect"/>.
    /// </summary>
    static LayoutItem[] Rows(LayoutItem[] items, double left, double top, out double width, out double height)
    {
        double widest = items.Length == 0 ? 0 : items.Max(i => i.Box.Width), limit = widest, best = double.MaxValue, row = -Gap;
        foreach (LayoutItem item in items)
        {
            row += item.Box.Width + Gap;
            if (row < widest) continue;
            (_, double w, double h) = Set(items, row);
            if (Math.Abs(Math.Log(w / h / Aspect)) is var distance && distance >= best) continue;
            (best, limit) = (distance, row);
        }
        ((double X, double Y)[] places, width, height) = Set(items, limit);
        (width, height) = (left + width, top + Gap + height);
        return [.. items.Select((item, i) => item.Move(left + places[i].X, top + Gap + places[i].Y))];
    }

    /// <summary>Where boxes are when no row is wider than a limit.</summary>
    static ((double X, double Y)[] Places, double Width, double Height) Set(LayoutItem[] items, double limit)
    {
        double x = 0, y = 0, row = 0, width = 0;
        var places = new (double, double)[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            Box box = items[i].Box;
            if (x > 0 && x + box.Width > limit + 1) (x, y, row) = (0, y + row + Gap, 0);
            places[i] = (x, y);
            x += box.Width + Gap;
            row = Math.Max(row, box.Height);
            width = Math.Max(width, x - Gap);
        }
        return (places, width, y + row);
    }
}
