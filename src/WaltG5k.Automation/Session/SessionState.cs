using System.Management.Automation.Host;
using WaltG5k.Automation;

namespace System.Management.Automation;

/// <summary>What lives as long as the session: variables and the current directory.</summary>
public sealed class SessionState
{
    public PSVariableIntrinsics PSVariable { get; } = new();
    public PathIntrinsics Path { get; } = new();
}

/// <summary>What a transformation or validation attribute may use of the engine.</summary>
public class EngineIntrinsics
{
    readonly CmdletContext _context;
    internal EngineIntrinsics(CmdletContext context) => _context = context;
    public PSHost Host => _context.Host;
    public SessionState SessionState => _context.State;
}
