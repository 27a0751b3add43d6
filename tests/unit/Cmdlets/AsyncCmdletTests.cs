using System.Diagnostics;
using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Host;

namespace WaltG5k.Tests.Cmdlets;

public class AsyncCmdletTests
{
    static readonly TimeSpan s_hang = TimeSpan.FromSeconds(20);

    [Fact]
    public void What_is_posted_runs_on_the_pipeline_thread_in_order()
    {
        List<(int Thread, int Value)> seen = [];
        var probe = new Probe
        {
            Body = async (cmdlet, _) =>
            {
                await Task.Yield();
                for (int i = 0; i < 3; i++)
                {
                    int value = i;
                    cmdlet.Do(() => seen.Add((Environment.CurrentManagedThreadId, value)));
                }
            },
        };
        probe.Run("Test-AsyncBody");
        Assert.Equal([(probe.PipelineThread, 0), (probe.PipelineThread, 1), (probe.PipelineThread, 2)], seen);
    }

    [Fact]
    public void The_first_object_arrives_while_the_body_still_works()
    {
        var probe = new Probe
        {
            Body = async (cmdlet, token) =>
            {
                cmdlet.Write(1);
                await cmdlet.Probe.FirstSeen.Task.WaitAsync(s_hang, token);   // would end in a timeout if output were collected first
                cmdlet.Write(2);
            },
        };
        HostResult result = probe.Run("Test-AsyncBody | Test-Consumer");
        Assert.Empty(result.Errors);
        Assert.Equal([1, 2], result.Objects);
    }

    [Fact]
    public void A_downstream_that_wants_no_more_cancels_the_body_once_and_writes_no_error()
    {
        var ended = new TaskCompletionSource();
        var probe = new Probe
        {
            Body = async (cmdlet, token) =>
            {
                try
                {
                    for (int i = 0; ; i++)
                    {
                        cmdlet.Write(i);
                        await Task.Delay(1, token);
                    }
                }
                finally { ended.SetResult(); }
            },
        };
        HostResult result = probe.Run("Test-AsyncBody | Select-Object -First 1");
        Assert.Equal([0], result.Objects);
        Assert.Empty(result.Errors);
        Assert.True(ended.Task.IsCompleted);
        Assert.Equal(1, probe.Cancellations);
        Assert.Equal(0, probe.Stops);
    }

    [Fact]
    public void An_error_action_of_Stop_cancels_the_body_and_keeps_id_category_and_target()
    {
        var probe = new Probe
        {
            Body = async (cmdlet, token) =>
            {
                cmdlet.WriteFailure("NodeLost", "gros-1");
                await Task.Delay(s_hang, token);
            },
        };
        HostResult result = probe.Run("Test-AsyncBody -ErrorAction Stop");
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith("NodeLost", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
        Assert.Equal("gros-1", error.TargetObject);
        Assert.Equal(1, probe.Cancellations);
    }

    [Fact]
    public void Stopping_reaches_the_finally_of_the_body_and_writes_no_error()
    {
        using var stop = new CancellationTokenSource();
        bool reached = false;
        var probe = new Probe
        {
            Body = async (_, token) =>
            {
                try
                {
                    await stop.CancelAsync();
                    await Task.Delay(s_hang, token);
                }
                finally { reached = true; }
            },
        };
        HostResult result = probe.Run("Test-AsyncBody", stop.Token);
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Empty(result.Errors);
        Assert.True(reached);
        Assert.Equal(1, probe.Stops);
        Assert.Equal(0, probe.Abandoned);
    }

    [Fact]
    public async Task A_body_that_cleans_up_for_long_does_not_hold_the_prompt()
    {
        using var stop = new CancellationTokenSource();
        var cleaned = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var probe = new Probe
        {
            Body = async (_, _) =>
            {
                await stop.CancelAsync();
                await release.Task;
                cleaned.SetResult();
            },
        };
        long start = Stopwatch.GetTimestamp();
        HostResult result = probe.Run("Test-AsyncBody", stop.Token);
        Assert.True(Stopwatch.GetElapsedTime(start) < s_hang);
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Equal(1, probe.Abandoned);
        Assert.False(cleaned.Task.IsCompleted);
        release.SetResult();
        await cleaned.Task.WaitAsync(s_hang);   // it went on, and its late work met no closed queue
    }

    [Fact]
    public async Task Posting_after_the_end_is_dropped_and_throws_nothing()
    {
        TestAsyncBodyCommand? late = null;
        var probe = new Probe { Body = (cmdlet, _) => { late = cmdlet; return Task.CompletedTask; } };
        probe.Run("Test-AsyncBody");
        bool ran = false;
        Exception? failure = await Record.ExceptionAsync(() => Task.Run(() => late!.Do(() => ran = true)));
        Assert.Null(failure);
        Assert.False(ran);
    }

    [Fact]
    public void A_slow_consumer_slows_the_body_down()
    {
        int posted = 0, mostAhead = 0, consumed = 0;
        var probe = new Probe
        {
            Body = (cmdlet, _) =>
            {
                for (int i = 0; i < 5000; i++)
                {
                    cmdlet.Write(i);
                    Interlocked.Increment(ref posted);
                }
                return Task.CompletedTask;
            },
            Consume = _ =>
            {
                if (consumed++ == 0) SpinWait.SpinUntil(() => Volatile.Read(ref posted) > AsyncCmdlet.QueueLimit / 2, s_hang);
                mostAhead = Math.Max(mostAhead, Volatile.Read(ref posted) - consumed);
            },
        };
        HostResult result = probe.Run("Test-AsyncBody | Test-Consumer");
        Assert.Equal(5000, result.Objects.Count);
        Assert.InRange(mostAhead, AsyncCmdlet.QueueLimit / 4, AsyncCmdlet.QueueLimit + 1);
    }

    [Fact]
    public void Of_many_unshown_progress_records_the_newest_is_shown_and_the_bar_is_completed()
    {
        var probe = new Probe
        {
            Body = (cmdlet, _) =>
            {
                using var gate = new ManualResetEventSlim();
                cmdlet.Do(() => gate.Wait(s_hang));   // nothing is shown before all are posted
                for (int i = 0; i <= 20_000; i++) cmdlet.Show($"{i}");
                gate.Set();
                return Task.CompletedTask;
            },
        };
        IReadOnlyList<ProgressRecord> shown = probe.Run("Test-AsyncBody").Progress;
        Assert.Equal(2, shown.Count);
        Assert.Equal("20000", shown[0].StatusDescription);
        Assert.Equal(ProgressRecordType.Processing, shown[0].RecordType);
        Assert.Equal(ProgressRecordType.Completed, shown[1].RecordType);
    }

    [Fact]
    public void WhatIf_works_from_asynchronous_code()
    {
        bool? answer = null;
        var probe = new Probe { Body = async (cmdlet, _) => answer = await cmdlet.Confirm("gros-1") };
        HostResult result = probe.Run("Test-AsyncBody -WhatIf");
        Assert.False(answer);
        Assert.Contains(result.HostLines, l => l.Contains("gros-1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_question_asked_on_the_pipeline_thread_does_not_deadlock()
    {
        int answer = 0;
        var probe = new Probe
        {
            Body = (cmdlet, _) =>
            {
                cmdlet.Do(() => answer = cmdlet.Ask(() => 5).WaitAsync(s_hang).GetAwaiter().GetResult());
                return Task.CompletedTask;
            },
        };
        probe.Run("Test-AsyncBody");
        Assert.Equal(5, answer);
    }

    [Fact]
    public void A_question_that_throws_fails_in_the_body_too()
    {
        Exception? inBody = null;
        var probe = new Probe
        {
            Body = async (cmdlet, _) => inBody = await Record.ExceptionAsync(() =>
                cmdlet.Ask<int>(() => throw new InvalidOperationException("no answer"))),
        };
        HostResult result = probe.Run("Test-AsyncBody");
        Assert.IsType<InvalidOperationException>(inBody);
        Assert.Single(result.Errors);
    }

    [Fact]
    public void A_terminating_record_keeps_what_it_holds()
    {
        var record = new ErrorRecord(new InvalidOperationException("No front-end."), "NoFrontend", ErrorCategory.ConnectionError, "nancy")
        {
            ErrorDetails = new ErrorDetails("No front-end at nancy.") { RecommendedAction = "Connect-G5k -Testbed" },
        };
        HostResult result = new Probe { Body = (_, _) => throw new TerminatingErrorException(record) }.Run("Test-AsyncBody");
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith("NoFrontend", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("Connect-G5k -Testbed", error.ErrorDetails!.RecommendedAction);
    }

    [Fact]
    public void Stopping_while_the_cmdlet_ends_is_harmless()
    {
        for (int i = 0; i < 200; i++)
        {
            using var stop = new CancellationTokenSource();
            var probe = new Probe
            {
                Body = (_, _) =>
                {
                    _ = Task.Run(stop.Cancel, CancellationToken.None);
                    return Task.CompletedTask;
                },
            };
            HostResult result = probe.Run("Test-AsyncBody", stop.Token);
            Assert.Empty(result.Errors);
        }
    }
}
