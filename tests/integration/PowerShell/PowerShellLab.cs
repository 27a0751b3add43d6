using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using WaltG5k.IntegrationTests.Lab;

namespace WaltG5k.IntegrationTests.PowerShell;

/// <summary>A test of the built module in PowerShell, in the laboratory. Where one of the three is missing it is skipped, and says which.</summary>
public sealed class PowerShellLabFactAttribute : FactAttribute
{
    public PowerShellLabFactAttribute() => Skip = LabPresence.WhyNot ?? PowerShellLab.WhyNot;
}

static class PowerShellLab
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    static readonly string s_root = typeof(PowerShellLab).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;
    static readonly string s_module = Path.Combine(s_root, "output", "WaltG5k");
    static readonly Lazy<(string? Pester, string? WhyNot)> s_found = new(Find);

    public static string? WhyNot => s_found.Value.WhyNot;

    static (string? Pester, string? WhyNot) Find()
    {
        if (!File.Exists(Path.Combine(s_module, "WaltG5k.psd1"))) return (null, $"There is no module in {s_module}: build.sh build makes it.");
        try
        {
            string script = Path.Combine(s_root, "tests", "pester", "Find-Pester.ps1");
            (int status, string output) = Task.Run(() => RunAsync("", [], "-File", script)).GetAwaiter().GetResult();
            return status == 0 && File.Exists(output.Trim()) ? (output.Trim(), null) : (null, $"PowerShell has no Pester 5.5 here. {output}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "There is no PowerShell here.");
        }
    }

    /// <summary>Runs a file of Pester tests that lies beside this one, with its parameters; the module and Pester itself are added to them.</summary>
    public static Task<(int Failures, string Output)> RunPesterAsync(string file, string home, Dictionary<string, string> parameters)
    {
        string folder = Path.Combine(s_root, "tests", "integration", "PowerShell");
        parameters["Module"] = s_module;
        parameters["Pester"] = s_found.Value.Pester!;
        return RunAsync(JsonSerializer.Serialize(parameters), new() { ["HOME"] = home, ["XDG_CACHE_HOME"] = home }, "-File",
            Path.Combine(folder, "run.ps1"), Path.Combine(folder, file));
    }

    static async Task<(int Status, string Output)> RunAsync(string input, Dictionary<string, string> environment, params string[] words)
    {
        var info = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", .. words]) { RedirectStandardInput = true,
            RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment) info.Environment[name] = value;
        using Process process = Process.Start(info)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token), error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
