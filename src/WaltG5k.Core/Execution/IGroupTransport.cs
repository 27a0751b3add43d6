namespace WaltG5k.Core.Execution;

/// <summary>A way that reaches many targets at once: the first of them that is asked for starts it for all.</summary>
interface IGroupTransport : INodeTransport
{
    /// <summary>Whether it leads to this target.</summary>
    bool Carries(NodeTarget target);
}
