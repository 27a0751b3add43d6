using System.Diagnostics;
using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

/// <summary>The executable as a user meets it: arguments, environment, standard streams, exit status.</summary>
public class ExecutableTests
{
    [Fact]
    public async Task Runs_what_the_environment_says_first_and_writes_data_only()
    {
        (int code, string output, string error) = await RunAsync("-", "Get-G5kSite nancy\nGet-G5kSite rennes\n", "-OutputFormat", "Csv");
        Assert.Equal("", error);
        Assert.Equal(["Name", "nancy", "rennes"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('"')[1]));
        Assert.Equal(ExitCode.Success, code);
    }

    [Fact]
    public async Task A_mistake_in_the_text_is_told_apart_from_an_error()
    {
        (int code, string output, string error) = await RunAsync("Get-G5kSite $site", "");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal("", output);
        Assert.Contains("variables", error);
        (code, _, error) = await RunAsync("Get-G5kSite nowhere", "");
        Assert.Equal(ExitCode.Error, code);
        Assert.StartsWith("Get-G5kSite: ", error);
    }

    [Fact]
    public async Task Explains_a_command()
    {
        (int code, string output, _) = await RunAsync("help", "", "get-g5ksite");
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("Get-G5kSite [[-Name] <string[]>]", output);
    }

    [Fact]
    public async Task Stops_when_nobody_reads_any_more()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using Process process = Start("-OutputFormat", "Json", string.Concat(Enumerable.Repeat("Get-G5kNode;", 50)));
        await process.StandardOutput.ReadLineAsync(timeout.Token);
        process.StandardOutput.Close();
        await process.WaitForExitAsync(timeout.Token);
        Assert.Equal(ExitCode.BrokenPipe, process.ExitCode);
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(string first, string input, params string[] more)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using Process process = Start([first, .. more]);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token), error = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output, await error);
    }

    static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "waltg5k.dll"), .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["WALTG5K_CONNECT"] = "Connect-G5k -Testbed";
        return Process.Start(start)!;
    }
}
