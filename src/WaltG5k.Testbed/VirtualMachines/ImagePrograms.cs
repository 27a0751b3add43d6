using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>qemu-img on front-ends and in jobs.</summary>
internal sealed class QemuImgCommand : IEmulatedCommand
{
    public IReadOnlyList<string> Names => ["qemu-img"];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        QemuImagesAnswer answer = QemuImages.Run(new SiteDiskFiles(context), context.Arguments);
        await context.World.PassAsync(answer.Duration, context.Interrupted).ConfigureAwait(false);
        context.Write(answer.Output);
        if (answer.Error.Length > 0) context.WriteErrorLine(answer.Error.TrimEnd('\n'));
        return answer.Status;
    }
}

/// <summary>qemu-img on a node, in root's shell.</summary>
internal static class NodeImagePrograms
{
    public static async Task<int> RunQemuImgAsync(RemoteRun run)
    {
        QemuImagesAnswer answer;
        lock (run.Machine.World.Sync) answer = QemuImages.Run(new NodeDiskFiles(run.Files), run.Arguments);
        await run.Machine.World.PassAsync(answer.Duration, run.Machine.Interrupted).ConfigureAwait(false);
        run.Output.Append(answer.Output);
        run.Error.Append(answer.Error);
        return answer.Status;
    }
}
