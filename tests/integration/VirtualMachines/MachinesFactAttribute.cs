using System.Diagnostics;
using System.Reflection;

namespace WaltG5k.IntegrationTests.VirtualMachines;

/// <summary>A test with a real QEMU. Where there is none it is skipped, and says why.</summary>
public sealed class MachinesFactAttribute : FactAttribute
{
    public MachinesFactAttribute() => Skip = MachinesScript.WhyNot;
}

/// <inheritdoc cref="MachinesFactAttribute"/>
public sealed class MachinesTheoryAttribute : TheoryAttribute
{
    public MachinesTheoryAttribute() => Skip = MachinesScript.WhyNot;
}

/// <summary>Runs <c>machines.sh</c>.</summary>
static class MachinesScript
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    static readonly string s_path = Path.Combine(
        typeof(MachinesScript).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!,
        "tests", "integration", "VirtualMachines", "machines.sh");
    static readonly Lazy<string?> s_whyNot = new(Find);

    /// <summary>Why no machine can run here; null where one can.</summary>
    public static string? WhyNot => s_whyNot.Value;

    public static async Task<(int Status, string Output)> RunAsync(params string[] words)
    {
        var info = new ProcessStartInfo("bash", [s_path, .. words]) { RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(s_limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token), error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }

    static string? Find()
    {
        if (!OperatingSystem.IsLinux()) return "QEMU's packages are for Debian.";
        (int status, string output) = Task.Run(() => RunAsync("check")).GetAwaiter().GetResult();
        return status == 0 ? null : $"No real QEMU: {output.Trim()}";
    }
}
