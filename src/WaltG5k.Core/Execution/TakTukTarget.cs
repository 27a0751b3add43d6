using System.Text;

namespace WaltG5k.Core.Execution;

/// <summary>What one TakTuk tells of one target.</summary>
sealed class TakTukTarget
{
    readonly TaskCompletionSource<NodeFailure> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly StringBuilder _connector = new();

    public TakTukTarget(NodeTarget target, string word, int outputLimit)
    {
        (Target, Output, Error) = (target, new MarkedOutput(word), new MarkedOutput(word));
        Output.Expect(outputLimit);
        Error.Expect(outputLimit);
    }

    public NodeTarget Target { get; }
    public MarkedOutput Output { get; }
    public MarkedOutput Error { get; }

    /// <summary>Ends when the command's status is known, or will never be.</summary>
    public Task Ended => Task.WhenAny(Task.WhenAll(Output.Finished, Error.Finished), Failed);

    /// <summary>The command's status, once both of its outputs have told it.</summary>
    public int? Status => Output.Finished.IsCompleted && Error.Finished.IsCompleted ? Output.Finished.Result : null;

    /// <summary>Why there is no connection, or none any more.</summary>
    public Task<NodeFailure> Failed => _failed.Task;

    public void Take(TakTukLine line)
    {
        switch (line.Stream)
        {
            case TakTukStream.Output: Output.Feed(line.Data); break;
            case TakTukStream.Error: Error.Feed(line.Data); break;
            case TakTukStream.Connector: _connector.Append(Encoding.UTF8.GetString(line.Data)).Append('\n'); break;
            case TakTukStream.State when Encoding.ASCII.GetString(line.Data) is "3" or "5": Lose(isToldByFrontend: line.Teller == 0); break;
        }
    }

    /// <summary>
    /// The connection is lost or was not made. What the front-end's own ssh says is the last word; another node's may only say that it has no key,
    /// and where there is no known reason the target may lack Perl.
    /// </summary>
    public void Lose(bool isToldByFrontend)
    {
        if (Status is null) _failed.TrySetResult(GetFailure(isToldByFrontend));
    }

    NodeFailure GetFailure(bool isToldByFrontend) =>
        Output.Began.IsCompleted ? NodeFailure.Lost(Target)
        : isToldByFrontend && NodeFailure.Find(_connector.ToString(), Target) is { } known ? known
        : new NodeFailure(NodeCommandState.Unreachable, "TakTuk did not get there", $"Try: ssh {Target.Host}", RetryAdvice.Directly);
}
