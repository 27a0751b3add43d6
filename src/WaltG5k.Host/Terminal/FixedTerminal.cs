using System.Management.Automation.Host;

namespace WaltG5k.Host.Terminal;

/// <summary>A terminal of a width and nothing more: output that is not a terminal has no cursor and no keys.</summary>
sealed class FixedTerminal(int width) : PSHostRawUserInterface
{
    public override Size WindowSize { get; set; } = new(width, 25);
    public override Size BufferSize { get; set; } = new(width, 25);
    public override bool KeyAvailable => false;
}
