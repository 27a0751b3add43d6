using System.Management.Automation;
using WaltG5k.Automation;
using WaltG5k.Host.Engine;

namespace WaltG5k.Host;

/// <summary>What a pipeline produced.</summary>
public sealed class HostResult : IHostStreams
{
    readonly List<object?> _objects = [];
    readonly List<ErrorRecord> _errors = [];
    readonly List<string> _warnings = [], _verbose = [], _debug = [], _host = [];
    readonly List<InformationRecord> _information = [];
    readonly List<ProgressRecord> _progress = [];

    internal HostResult() { }

    /// <summary>The objects, without PowerShell's wrapping; a custom object stays a <see cref="PSObject"/>.</summary>
    public IReadOnlyList<object?> Objects => _objects;

    /// <summary>Errors as they were written, the terminating ones among them.</summary>
    public IReadOnlyList<ErrorRecord> Errors => _errors;

    public IReadOnlyList<string> Warnings => _warnings;
    public IReadOnlyList<string> Verbose => _verbose;
    public IReadOnlyList<string> Debug => _debug;
    public IReadOnlyList<InformationRecord> Information => _information;
    public IReadOnlyList<ProgressRecord> Progress => _progress;

    /// <summary>Lines written to the host itself: <c>What if:</c>, questions and their answers.</summary>
    public IReadOnlyList<string> HostLines => _host;

    /// <summary>What the executable would exit with: see <see cref="Host.ExitCode"/>.</summary>
    public int ExitCode { get; internal set; }

    internal void AddHostLine(string line) => _host.Add(line);

    void IHostStreams.Output(object? value) => _objects.Add(EngineObjects.Unwrap(value));
    void IHostStreams.Error(ErrorRecord record) => _errors.Add(record);
    void IHostStreams.Warning(string message) => _warnings.Add(message);
    void IHostStreams.Verbose(string message) => _verbose.Add(message);
    void IHostStreams.Debug(string message) => _debug.Add(message);
    void IHostStreams.Information(InformationRecord record) => _information.Add(record);
    void IHostStreams.Progress(ProgressRecord record) => _progress.Add(record);
}
