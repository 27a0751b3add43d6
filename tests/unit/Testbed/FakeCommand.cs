using WaltG5k.Testbed.Commands;

namespace WaltG5k.Tests.Testbed;

/// <summary>A program for a testbed's front-ends that does what a test says.</summary>
sealed class FakeCommand(string name, Func<CommandContext, Task<int>> run) : IEmulatedCommand
{
    public FakeCommand(string name, Func<CommandContext, int> run) : this(name, context => Task.FromResult(run(context))) { }

    public IReadOnlyList<string> Names { get; } = [name];
    public Task<int> RunAsync(string program, CommandContext context) => run(context);
}
