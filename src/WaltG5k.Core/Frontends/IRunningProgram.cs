namespace WaltG5k.Core.Frontends;

/// <summary>
/// A program that runs with its three streams open, as long as its caller wants. Disposing it closes its input, which every program started this way
/// takes as the order to end, and kills it when it does not.
/// </summary>
public interface IRunningProgram : IAsyncDisposable
{
    Stream Input { get; }
    Stream Output { get; }
    Stream Error { get; }

    /// <summary>Its exit status, once it has ended.</summary>
    Task<int> Completion { get; }

    /// <summary>Ends it now, with its children.</summary>
    void Kill();
}
