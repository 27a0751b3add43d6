using System.Collections;
using System.Management.Automation;
using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

/// <summary>A session whose commands are those of this file.</summary>
static class TestSession
{
    public static HostSession New(params string[] answers) =>
        new(new HostOptions { CommandAssemblies = [typeof(TestSession).Assembly], Answers = answers });

    public static HostResult Run(string pipeline, params string[] answers)
    {
        using HostSession session = New(answers);
        return session.Invoke(pipeline);
    }
}

public enum Colour { Red, Green, Blue, Black }

public sealed record Machine(string Name, int Cores)
{
    public string? Site { get; init; }
}

/// <summary>Takes a name or a machine, as our own reference types do.</summary>
public sealed class MachineRef
{
    public MachineRef(string name) => (Name, From) = (name, "string");
    public MachineRef(Machine machine) => (Name, From) = (machine.Name, "machine");
    public string Name { get; }
    public string From { get; }
    public override string ToString() => Name;
}

/// <summary>Machines m1, m2, … for as long as somebody takes them.</summary>
[Cmdlet("Get", "TestMachine")]
public sealed class GetTestMachineCommand : PSCmdlet
{
    [Parameter(Position = 0)] public int Count { get; set; } = 3;

    protected override void BeginProcessing() => WriteVerbose("begin");

    protected override void ProcessRecord()
    {
        for (int i = 1; i <= Count; i++)
        {
            WriteVerbose($"m{i}");
            WriteObject(new Machine($"m{i}", i) { Site = i % 2 == 0 ? "nancy" : "rennes" });
        }
    }

    protected override void EndProcessing() => WriteVerbose("end");
}

/// <summary>Writes what was bound, with types.</summary>
[Cmdlet("Test", "Binding", DefaultParameterSetName = "ByName")]
[Alias("tb")]
public sealed class TestBindingCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "ByName", Position = 0)] [Alias("Host", "ComputerName")] public string[]? Name { get; set; }
    [Parameter(ParameterSetName = "ById", Position = 0, Mandatory = true)] public int[]? Id { get; set; }
    [Parameter(Position = 1)] public object? Value { get; set; }
    [Parameter] public int Number { get; set; }
    [Parameter] public double Ratio { get; set; }
    [Parameter] public string? Text { get; set; }
    [Parameter] public TimeSpan? Timeout { get; set; }
    [Parameter] public DateTimeOffset Start { get; set; }
    [Parameter] public Colour Colour { get; set; }
    [Parameter] public Uri? Address { get; set; }
    [Parameter] public MachineRef[]? Machine { get; set; }
    [Parameter] public IDictionary? Table { get; set; }
    [Parameter] public Dictionary<string, int>? Counts { get; set; }
    [Parameter] public SwitchParameter Force { get; set; }
    [Parameter] [ValidateRange(1, 10)] public int Small { get; set; }
    [Parameter] [ValidateSet("tcp", "udp")] public string? Protocol { get; set; }
    [Parameter] [ValidatePattern("^[a-z]+$")] public string? Word { get; set; }
    [Parameter] [ValidateCount(1, 2)] public string[]? Pair { get; set; }
    [Parameter] [ValidateNotNullOrEmpty] public string? Filled { get; set; }
    [Parameter] [Doubled] public int Twice { get; set; }

    protected override void ProcessRecord()
    {
        WriteObject(ParameterSetName);
        foreach ((string key, object? value) in MyInvocation.BoundParameters.OrderBy(p => p.Key)) WriteObject($"{key}={Show(value)}");
    }

    internal static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        IDictionary table => "{" + string.Join(",", table.Keys.Cast<object>().Order().Select(k => $"{k}:{Show(table[k])}")) + "}",
        IEnumerable list => "[" + string.Join(",", list.Cast<object?>().Select(Show)) + "]",
        MachineRef machine => $"{machine.From}:{machine.Name}",
        DateTimeOffset date => date.ToString("O"),
        IFormattable number => $"{number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}:{number.GetType().Name}",
        _ => value.ToString()!,
    };
}

[AttributeUsage(AttributeTargets.Property)]
public sealed class DoubledAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain is int number ? number * 2 : throw new ArgumentTransformationMetadataException("Only whole numbers can be doubled.");
    }
}

/// <summary>Takes the pipeline by value and by property name.</summary>
[Cmdlet("Test", "Input")]
public sealed class TestInputCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public Machine? InputMachine { get; set; }
    [Parameter(ValueFromPipelineByPropertyName = true)] [Alias("Name")] public string? Label { get; set; }
    [Parameter(ValueFromPipelineByPropertyName = true)] public int Cores { get; set; } = -1;
    [Parameter] public SwitchParameter Mark { get; set; }

    protected override void ProcessRecord() => WriteObject($"{InputMachine?.Name ?? "-"}/{Label ?? "-"}/{Cores}");
    protected override void EndProcessing() { if (Mark) WriteObject("end"); }
}

/// <summary>A mandatory parameter that the pipeline can give, by conversion.</summary>
[Cmdlet("Test", "Mandatory")]
public sealed class TestMandatoryCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)] public MachineRef[] Machine { get; set; } = [];
    [Parameter(Mandatory = true, Position = 1)] public string Image { get; set; } = "";
    protected override void ProcessRecord() => WriteObject(TestBindingCommand.Show(Machine) + Image);
}

/// <summary>Fails in the ways a cmdlet can fail.</summary>
[Cmdlet("Test", "Failure")]
public sealed class TestFailureCommand : PSCmdlet
{
    [Parameter(Position = 0)] public string Way { get; set; } = "error";
    [Parameter(ValueFromPipeline = true)] public object? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        var record = new ErrorRecord(new InvalidOperationException($"{Way} happened"), "ItFailed", ErrorCategory.ResourceBusy, "node-1")
        {
            ErrorDetails = new ErrorDetails("It failed.") { RecommendedAction = "Try again." },
        };
        switch (Way)
        {
            case "error": WriteError(record); WriteObject("after"); break;
            case "terminating": ThrowTerminatingError(record); break;
            case "throw": throw new InvalidOperationException("thrown");
            case "warning": WriteWarning("careful"); WriteObject("after"); break;
            case "thread":
                Exception? seen = Task.Run(() => Record.Exception(() => WriteObject(1))).GetAwaiter().GetResult();
                WriteObject(seen?.GetType().Name);
                break;
        }
    }
}

/// <summary>Asks before it acts.</summary>
[Cmdlet("Remove", "TestThing", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveTestThingCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)] public string[] Name { get; set; } = [];
    [Parameter] public SwitchParameter Ask { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string name in Name)
            if (ShouldProcess(name, "Remove") && (!Ask || ShouldContinue("Really?", "Sure"))) WriteObject($"removed {name}");
    }
}

/// <summary>Runs until it is stopped.</summary>
[Cmdlet("Wait", "TestForever")]
public sealed class WaitTestForeverCommand : PSCmdlet, IDisposable
{
    readonly ManualResetEventSlim _stop = new();

    protected override void ProcessRecord()
    {
        WriteProgress(new ProgressRecord(1, "Waiting", "for ever"));
        WriteObject("started");
        _stop.Wait(TimeSpan.FromSeconds(20));
        WriteObject("not reached");
    }

    protected override void StopProcessing() => _stop.Set();
    public void Dispose() => _stop.Dispose();
}

/// <summary>Starts a job that writes after the cmdlet has returned, unless it never ends.</summary>
[Cmdlet("Start", "TestJob")]
public sealed class StartTestJobCommand : PSCmdlet
{
    [Parameter] public SwitchParameter Endless { get; set; }

    protected override void ProcessRecord()
    {
        var job = new TestJob("Start-TestJob", Endless);
        JobRepository.Add(job);
        job.Start();
        WriteObject(job);
    }
}

public sealed class TestJob(string command, bool endless) : Job(command)
{
    readonly ManualResetEventSlim _stop = new();
    public override string Location => "here";
    public override string StatusMessage => "";
    public override bool HasMoreData => Output.Count > 0;

    public void Start()
    {
        SetJobState(JobState.Running);
        Task.Run(() =>
        {
            if (endless && _stop.Wait(TimeSpan.FromSeconds(20))) return;
            Output.Add(PSObject.AsPSObject(new Machine("job", 1)));
            Error.Add(new ErrorRecord(new InvalidOperationException("job failed"), "JobFailed", ErrorCategory.NotSpecified, null));
            SetJobState(JobState.Completed);
        });
    }

    public override void StopJob()
    {
        _stop.Set();
        SetJobState(JobState.Stopped);
    }
}

/// <summary>Notes in a list, which a session variable holds, that it was disposed.</summary>
[Cmdlet("Test", "Disposal")]
public sealed class DisposalTestCommand : PSCmdlet, IDisposable
{
    public const string Log = "TestLog";
    List<string>? _log;

    protected override void BeginProcessing() => _log = (List<string>?)GetVariableValue(Log);
    protected override void ProcessRecord() { WriteObject(1); WriteObject(2); }
    public void Dispose() => _log?.Add("disposed");
}
