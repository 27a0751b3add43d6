using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Graphs;

/// <summary>Colours that people with any kind of sight tell apart; text on them is black.</summary>
static class TopologyColours
{
    /// <summary>For groups, in the order of their names (after Okabe and Ito, lightened).</summary>
    static readonly string[] s_groups = ["#9fd3f2", "#f6cf8b", "#8fd9bf", "#f5b58a", "#e6b8d4", "#f4ee9e", "#a9c6e3", "#d5d5d5"];

    public static string Fill(TopologyState state) =>
        state switch { TopologyState.Ready => "#c9ecc9", TopologyState.Failed => "#f6b1ab", _ => "#ffffff" };

    public static string Group(int index) => s_groups[index % s_groups.Length];
}
