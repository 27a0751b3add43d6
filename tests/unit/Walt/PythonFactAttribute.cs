using System.Diagnostics;

namespace WaltG5k.Tests.Walt;

/// <summary>A test that compares with the real Python; reported as skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (!IsAvailable()) Skip = "There is no python3 on this machine.";
    }

    static bool IsAvailable()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("python3", "-c pass") { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
