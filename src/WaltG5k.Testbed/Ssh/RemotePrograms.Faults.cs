using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Ssh;

/// <summary>The machine on which a program ran is dead: nobody says anything more there.</summary>
internal sealed class MachineDiedException : Exception;

internal static partial class RemotePrograms
{
    /// <summary>Programs that write images.</summary>
    static readonly HashSet<string> s_writers = new(StringComparer.Ordinal) { "qemu-img", "curl" };

    /// <summary>What a fault makes of a program before it begins; null: nothing.</summary>
    public static async Task<int?> StrikeAsync(RemoteRun run)
    {
        FaultBox faults = run.Machine.World.Faults;
        if (run.Machine.Device is not null || run.Machine.IsContainer) return null;
        string program = run.Program[(run.Program.LastIndexOf('/') + 1)..];
        string[] names = NodeLife.NamesOf(run.Machine.Node);
        if (faults.TakeAt(FaultNames.NodeDies, [program], names) is not null)
        {
            await PassAsync(run, 0.5).ConfigureAwait(false);
            run.Machine.World.NodeLife.Interrupt(run.Machine.Node, NodePower.Dead);
            throw new MachineDiedException();
        }
        if (faults.TakeAt(FaultNames.NodeCommandFails, [program], names) is not null) return run.Fail("internal error, the command was aborted");
        if (s_writers.Contains(program) && run.Arguments is not ["info", ..] && faults.Strikes(FaultNames.NodeDiskFull, names))
            return program == "curl" ? run.Fail("(23) Failure writing output to destination: No space left on device", 23)
                : run.Fail("error while writing: No space left on device");
        return null;
    }
}
