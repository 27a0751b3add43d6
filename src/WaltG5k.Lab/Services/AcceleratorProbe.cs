using System.Diagnostics;
using WaltG5k.Core;

namespace WaltG5k.Lab.Services;

/// <summary>Finds out whether /dev/kvm runs a guest: on some machines it opens, runs the firmware, and hangs in the first kernel.</summary>
static class AcceleratorProbe
{
    const string Device = "/dev/kvm";
    /// <summary>What a kernel says at the end of its own start, for want of a root file system.</summary>
    const string EndOfStart = "Kernel panic - not syncing: VFS";
    /// <summary>It takes one or two seconds by the processor.</summary>
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(6);

    /// <param name="kernel">A kernel to try with.</param>
    /// <exception cref="G5kException"><c>LabNoKvm</c>.</exception>
    public static async Task<LabAccelerator> ChooseAsync(LabAccelerator wanted, string kernel, IReporter reporter,
        CancellationToken cancellationToken)
    {
        if (wanted == LabAccelerator.Tcg) return wanted;
        bool works = File.Exists(Device) && await StartsAsync(kernel, cancellationToken).ConfigureAwait(false);
        if (works) return LabAccelerator.Kvm;
        if (wanted == LabAccelerator.Kvm) throw LabErrors.NoKvm();
        reporter.Verbose($"{(File.Exists(Device) ? $"{Device} starts no guest" : $"There is no {Device}")}: nodes run in software.");
        return LabAccelerator.Tcg;
    }

    static async Task<bool> StartsAsync(string kernel, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> words = QemuCommand.GetProbe(kernel);
        using Process qemu = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = true,
            RedirectStandardError = true, RedirectStandardInput = true })!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            while (await qemu.StandardOutput.ReadLineAsync(limit.Token).ConfigureAwait(false) is { } line)
                if (line.Contains(EndOfStart, StringComparison.Ordinal)) return true;
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            qemu.Kill();
            await qemu.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
