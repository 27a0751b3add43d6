using System.Diagnostics;
using System.Globalization;

namespace WaltG5k.Bench;

/// <summary>What starts anew each time: the host, and the module in PowerShell.</summary>
static class ProcessScenario
{
    const int Runs = 7;

    public static IReadOnlyList<Measurement> Run(string root)
    {
        string host = Path.Combine(root, "output", "host", "waltg5k");
        string module = Path.Combine(root, "output", "WaltG5k");
        return
        [
            File.Exists(host)
                ? Measurement.AtMost($"waltg5k: start to first object, minimum of {Runs}",
                Enumerable.Range(0, Runs).Min(_ => FirstLine(host,
                "Get-WaltRecipe -Name none*; Connect-G5k -Testbed -Speed 0 | Select-Object -First 1")), 250, "ms")
                : Measurement.Skipped("waltg5k: start to first object", "output/host/waltg5k is not built"),
            .. FindPwsh() is { } pwsh && Directory.Exists(module)
            ? Import(pwsh, module)
            : [Measurement.Skipped("Import-Module in pwsh", "pwsh or the built module is not there")],
        ];
    }

    /// <summary>Milliseconds from the start of the process to its first line of output.</summary>
    static double FirstLine(string program, string pipeline)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(program, pipeline, "-OutputFormat", "Json");
        if (process.StandardOutput.ReadLine() is null) throw new InvalidOperationException(process.StandardError.ReadToEnd());
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        process.WaitForExit();
        return elapsed;
    }

    static IReadOnlyList<Measurement> Import(string pwsh, string module)
    {
        string small = SmallModule();
        try
        {
            return
            [
                Measurement.AtMost($"Import-Module WaltG5k in pwsh after an empty module, minimum of {Runs}",
                    MeasureImport(pwsh, module, $"Import-Module '{small}'"), 40, "ms"),
                new("the same in a session that has PowerShell's Utility loaded",
                    string.Create(CultureInfo.InvariantCulture,
                    $"{MeasureImport(pwsh, module, $"Import-Module Microsoft.PowerShell.Utility; Import-Module '{small}'"):0.###} ms"), "", null),
            ];
        }
        finally { Directory.Delete(Path.GetDirectoryName(small)!, true); }
    }

    static double MeasureImport(string pwsh, string module, string before) => Enumerable.Range(0, Runs).Min(_ =>
    {
        using Process process = Start(pwsh, "-NoProfile", "-NonInteractive", "-Command",
            $"{before}; $w = [Diagnostics.Stopwatch]::StartNew(); Import-Module '{module}'; $w.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)");
        return double.Parse(process.StandardOutput.ReadToEnd().Trim(), CultureInfo.InvariantCulture);
    });

    /// <summary>A manifest and nothing else: the first import of a process pays for PowerShell's own machinery, whatever the module.</summary>
    static string SmallModule()
    {
        string manifest = Path.Combine(Directory.CreateTempSubdirectory("waltg5k-bench-").FullName, "Small.psd1");
        File.WriteAllText(manifest,
            "@{ ModuleVersion = '1.0'; FunctionsToExport = @(); CmdletsToExport = @(); AliasesToExport = @(); VariablesToExport = @() }");
        return manifest;
    }

    static Process Start(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments) info.ArgumentList.Add(argument);
        info.Environment["NO_COLOR"] = "1";
        return Process.Start(info)!;
    }

    static string? FindPwsh() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "pwsh"))
        .FirstOrDefault(File.Exists);
}
