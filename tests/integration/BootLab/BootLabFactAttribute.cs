using System.Diagnostics;
using System.Reflection;
using WaltG5k.Lab.Services;

namespace WaltG5k.IntegrationTests.BootLab;

/// <summary>A test with real virtual nodes. Where none can run it is skipped, and says why.</summary>
public class BootLabFactAttribute : FactAttribute
{
    static readonly Lazy<string?> s_whyNot = new(Find);

    public BootLabFactAttribute() => Skip = s_whyNot.Value;

    public static string Repository { get; } =
        typeof(BootLabFactAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    static string? Find()
    {
        if (!OperatingSystem.IsLinux()) return "The boot lab is made of Linux namespaces.";
        ProcessStartInfo info = new("bash", [Path.Combine(Repository, "tests/integration/BootLab/bootlab.sh"), "check"])
            { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"No boot lab: {(output.Result + error.Result).Trim()}";
    }
}

/// <summary>One that boots with the speculative root, whose programs are named by WALTG5K_BOOTFS.</summary>
public sealed class SpeculativeBootFactAttribute : BootLabFactAttribute
{
    public SpeculativeBootFactAttribute()
    {
        if (Skip is null && (BootFsPrograms.FindServer() is null || BootFsPrograms.FindClient() is null))
            Skip = "The programs of the speculative root are not named: WALTG5K_BOOTFS=output/WaltG5k/bootfs";
    }
}
