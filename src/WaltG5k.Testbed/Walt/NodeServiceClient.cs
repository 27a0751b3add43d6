using System.IO.Pipelines;
using System.Text;

namespace WaltG5k.Testbed.Walt;

/// <summary>The server's side of the node service: an order and its answer, over a pair of pipes instead of a socket per node.</summary>
internal static class NodeServiceClient
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>Null when the node said OK, else the reason as the reboot message has it.</summary>
    public static async Task<string?> OrderAsync(NodeService service, string order, TimeProvider time)
    {
        Pipe toNode = new(), fromNode = new();
        using CancellationTokenSource closed = new(s_patience, time);
        await toNode.Writer.WriteAsync(Encoding.ASCII.GetBytes($"MODE single\n{order}\n"), closed.Token).ConfigureAwait(false);
        Task serving = service.RunAsync(toNode.Reader.AsStream(), fromNode.Writer.AsStream(), closed.Token);
        try
        {
            using StreamReader reader = new(fromNode.Reader.AsStream(), Encoding.UTF8);
            string? answer = await reader.ReadLineAsync(closed.Token).ConfigureAwait(false);
            await serving.ConfigureAwait(false);
            return answer switch
            {
                "OK" => null,
                null => "broken connection",
                _ when answer.StartsWith("KO ", StringComparison.Ordinal) => answer[3..],
                _ => "node did not respond properly",
            };
        }
        catch (OperationCanceledException)
        {
            return "timed out waiting for reply";
        }
    }
}
