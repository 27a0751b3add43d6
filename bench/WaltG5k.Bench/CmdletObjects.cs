using System.Management.Automation;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using WaltG5k.Base;
using WaltG5k.Host;

namespace WaltG5k.Bench;

/// <summary>What an object costs on its way from the asynchronous body of a cmdlet to the end of its pipeline.</summary>
public sealed class CmdletObjects : IDisposable
{
    const int Count = 10_000;
    readonly HostSession _session = new(new HostOptions { CommandAssemblies = [typeof(GetBenchObjectCommand).Assembly] });

    public void Dispose() => _session.Dispose();

    [Benchmark(Baseline = true)]
    public int Loop()
    {
        var objects = new List<object>();
        for (int i = 0; i < Count; i++) objects.Add(new NodeInfoLike(i));
        return objects.Count;
    }

    [Benchmark]
    public int Cmdlet() => _session.Invoke("Get-BenchObject").Objects.Count;

    /// <summary>Microseconds per object above a direct loop.</summary>
    internal static Measurement Measure()
    {
        IConfig config = ManualConfig.CreateEmpty().AddJob(BenchmarkDotNet.Jobs.Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
            .AddLogger(NullLogger.Instance)
            .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance).WithOptions(ConfigOptions.DisableOptimizationsValidator);
        Summary summary = BenchmarkRunner.Run<CmdletObjects>(config);
        double Median(string method) => summary.Reports.Single(r =>
            r.BenchmarkCase.Descriptor.WorkloadMethod.Name == method).ResultStatistics!.Median;
        return Measurement.AtMost($"{Count} objects through a cmdlet, each over a direct loop",
            (Median(nameof(Cmdlet)) - Median(nameof(Loop))) / Count / 1000, 1, "us");
    }
}

sealed record NodeInfoLike(int Number);

/// <summary>Writes as the real cmdlets do: from the pool, through the pump.</summary>
[Cmdlet(VerbsCommon.Get, "BenchObject")]
[OutputType(typeof(int))]
public sealed class GetBenchObjectCommand : AsyncCmdlet
{
    protected override Task EndAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < 10_000; i++)
        {
            var value = new NodeInfoLike(i);
            Post(() => WriteObject(value));
        }
        return Task.CompletedTask;
    }
}
