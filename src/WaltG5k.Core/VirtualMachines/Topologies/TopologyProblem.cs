using System.Globalization;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>A mistake in a topology.</summary>
/// <param name="Code">Stable: <c>DuplicateMachine</c>, <c>InvalidNumber</c>, …</param>
/// <param name="Message">One sentence.</param>
public sealed record TopologyProblem(string Code, string Message)
{
    /// <summary>From 1 on; 0: not read from a text.</summary>
    public int Line { get; init; }
    /// <summary>Where it was read; empty: not from a file.</summary>
    public string File { get; init; } = "";
    /// <summary>The machine, host or key it is about.</summary>
    public string Target { get; init; } = "";
    /// <summary>The topology can be used all the same.</summary>
    public bool IsWarning { get; init; }

    /// <summary>File and line, as compilers and editors write them; empty when there are none.</summary>
    public string Place => Line > 0 ? string.Create(CultureInfo.InvariantCulture,
        $"{(File.Length > 0 ? File : "line")}{(File.Length > 0 ? ":" : " ")}{Line}") : File;

    public override string ToString() => Place.Length > 0 ? $"{Place}: {Message}" : Message;
}
