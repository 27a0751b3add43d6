using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core.Execution;

namespace WaltG5k.Bench;

/// <summary>What the executor itself costs for 10 000 targets that answer by themselves, whose names fold into one set or not at all.</summary>
static class BookkeepingScenario
{
    const int Targets = 10_000;

    sealed class Answers : INodeTransport
    {
        public async Task<NodeAttempt> RunAsync(NodeJob job, CancellationToken cancellationToken)
        {
            await Task.Yield();
            job.Began?.Invoke();
            return NodeAttempt.Ended(0) with { Output = "ok\n" };
        }
    }

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        await MeasureAsync(i => FormattableString.Invariant($"warm-up-{i}")); // code that has run once, as in any session
        return
        [
            Measurement.AtMost($"{Targets} simulated targets, names that fold: processor time",
                await MeasureAsync(i => FormattableString.Invariant($"gros-{i}.nancy.grid5000.fr")), 1, "s"),
            Measurement.AtMost($"{Targets} simulated targets, names that do not: processor time", await MeasureAsync(Scramble), 1, "s"),
        ];
    }

    /// <summary>With a progress record a few times per second, and the results folded in the end.</summary>
    static async Task<double> MeasureAsync(Func<int, string> name)
    {
        NodeTarget[] targets = [.. Enumerable.Range(1, Targets).Select(i => new NodeTarget(name(i), "nancy"))];
        using var self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        var results = new List<NodeCommandResult>();
        await using (var execution = new NodeExecution(new Answers(), targets, NodeCommand.Script("true"), new NodeExecutionOptions(),
            TimeProvider.System, p => p.ToUpdate(1, "true"), CancellationToken.None))
        {
            await foreach (NodeCommandResult result in execution.Results) results.Add(result);
        }
        string text = string.Join('\n', NodeCommandFold.Fold(results));
        self.Refresh();
        return results.Count == Targets && text.EndsWith(": ok", StringComparison.Ordinal)
            ? (self.TotalProcessorTime - before).TotalSeconds
            : throw new InvalidOperationException(text);
    }

    /// <summary>A name of letters only, and another one for each number.</summary>
    static string Scramble(int number) => new(
        [.. ((number * 7919L) % 99_991 + 100_000).ToString(CultureInfo.InvariantCulture).Select(c => (char)('a' + (c - '0')))]);
}
