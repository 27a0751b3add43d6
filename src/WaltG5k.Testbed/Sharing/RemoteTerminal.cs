using System.Threading.Channels;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Testbed.Sharing;

/// <summary>The terminal of somebody in another process.</summary>
sealed class RemoteTerminal(ChannelWriter<ServerMessage> answers) : ITerminal
{
    readonly Channel<string?> _typed = Channel.CreateUnbounded<string?>();

    /// <summary>A process without a terminal does not ask to talk.</summary>
    public bool IsInteractive => true;

    public async Task<string?> ReadLineAsync(string prompt, CancellationToken cancellationToken)
    {
        answers.TryWrite(new PromptAnswer(prompt));
        return await _typed.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Write(string text) => answers.TryWrite(new TextAnswer(text));

    /// <summary>Takes what the user types, until he interrupts or his process dies.</summary>
    public async Task ListenAsync(MessageChannel<ClientMessage, ServerMessage> channel, CancellationTokenSource interrupted,
        CancellationToken finished)
    {
        while (await channel.ReceiveAsync(finished).ConfigureAwait(false) is { } message && message is not CancelRequest)
        {
            if (message is TypedLine typed) _typed.Writer.TryWrite(typed.Line);
        }
        await interrupted.CancelAsync().ConfigureAwait(false);
    }
}
