namespace WaltG5k.Testbed.Walt.Rpc;

internal delegate Task<object?> RpcMethod(RpcCall call);

/// <summary>A call of the client. A missing argument or one of a wrong type is an exception on the real server, hence no reply.</summary>
internal sealed class RpcCall(RpcSession session, object?[] arguments, Dictionary<string, object?> named)
{
    public RpcSession Session => session;
    public WaltHost Host => session.Host;

    public string Text(int position, string name) => Find(position, name) as string ?? throw new NoReplyException("argument " + name);

    public string TextOr(int position, string name, string otherwise) => Find(position, name) as string ?? otherwise;

    public byte[] Bytes(int position, string name) => Find(position, name) as byte[] ?? throw new NoReplyException("argument " + name);

    public long Number(int position, string name) =>
        Find(position, name) switch { int number => number, long number => number, _ => throw new NoReplyException("argument " + name) };

    public bool FlagOr(int position, string name, bool otherwise) => Find(position, name) as bool? ?? otherwise;

    /// <summary>A tuple or list of strings.</summary>
    public IReadOnlyList<string> Texts(int position, string name)
        => Find(position, name) is IEnumerable<object?> items
            ? [.. items.Select(i => i as string ?? throw new NoReplyException("argument " + name))]
            : throw new NoReplyException("argument " + name);

    /// <summary>Any value; null where it is None or left out.</summary>
    public object? Value(int position, string name) => Find(position, name);

    /// <summary>An argument that has no position.</summary>
    public object? Value(string name) => named.GetValueOrDefault(name);

    object? Find(int position, string name) => position < arguments.Length ? arguments[position] : named.GetValueOrDefault(name);
}
