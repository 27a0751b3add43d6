using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>kapower3.</summary>
internal sealed class PowerCommand(KadeployServer server) : ClientCommand(server)
{
    public override IReadOnlyList<string> Names => ["kapower3"];

    protected override string Resource => "power";

    protected override IEnumerable<string> OwnOptions => ["--on", "--off", "--status", "-l --op-level="];

    protected override ClientOperation Prepare(CommandContext context, ParsedOptions options, IReadOnlyList<NodeModel> nodes,
        Func<IReadOnlyList<NodeModel>> take)
    {
        PowerAction action = (options.Has("--on"), options.Has("--off"), options.Has("--status")) switch
        {
            (true, false, false) => PowerAction.On,
            (false, true, false) => PowerAction.Off,
            (false, false, true) => PowerAction.Status,
            _ => throw RequestException.Client("No operation is chosen"),
        };
        string level = options.Last("--op-level") ?? "soft";
        if (level is not ("soft" or "hard" or "very_hard")) throw new OptionException("invalid argument: -l " + level);
        PowerOperation power = new(Server, context.User, action, level);
        return new ClientOperation(power.CreateWorkflow(take()), _ => { }, [], () => power.Report(nodes));
    }
}
