namespace WaltG5k.Core.Walt;

/// <summary>Puts what several nodes ask for within a moment into one call. Calls may overlap: a slow one holds up its own nodes only.</summary>
sealed class Coalescer<TResult>(
    Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyDictionary<string, TResult>>> call, TimeProvider time,
    CancellationToken cancellationToken)
{
    /// <summary>How long a call waits for more nodes to join.</summary>
    static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(20);

    readonly Lock _lock = new();
    Dictionary<string, TaskCompletionSource<TResult>>? _gathering;

    /// <summary>The node's part of the answer; a failure of the call is a failure of each of its nodes.</summary>
    public Task<TResult> InvokeAsync(string node)
    {
        TaskCompletionSource<TResult> answer;
        Dictionary<string, TaskCompletionSource<TResult>>? begun = null;
        lock (_lock)
        {
            _gathering ??= begun = new(StringComparer.Ordinal);
            if (!_gathering.TryGetValue(node, out answer!)) _gathering[node] = answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        if (begun is not null) _ = SendAsync(begun);
        return answer.Task;
    }

    async Task SendAsync(Dictionary<string, TaskCompletionSource<TResult>> batch)
    {
        try
        {
            await Task.Delay(s_window, time, cancellationToken).ConfigureAwait(false);
            lock (_lock) _gathering = null;
            IReadOnlyDictionary<string, TResult> answers = await call([.. batch.Keys], cancellationToken).ConfigureAwait(false);
            foreach ((string node, TaskCompletionSource<TResult> answer) in batch) answer.TrySetResult(answers[node]);
        }
        catch (OperationCanceledException e)
        {
            foreach (TaskCompletionSource<TResult> answer in batch.Values) answer.TrySetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            foreach (TaskCompletionSource<TResult> answer in batch.Values) answer.TrySetException(e);
        }
    }
}
