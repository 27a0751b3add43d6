namespace WaltG5k.BootFs;

/// <summary>What a message is. Below 64: from the client; from 64 on: from the server; from 128 on: either.</summary>
enum MessageType : byte
{
    Hello = 1,
    Have = 2,
    Start = 3,
    Read = 4,
    Credit = 5,
    Report = 6,

    Welcome = 65,
    Pages = 66,
    Leaves = 67,
    Data = 68,
    PushEnd = 69,
    Failure = 70,

    Ping = 128,
    Pong = 129,
    Bye = 130,
}

/// <summary>The flags in a message's header.</summary>
static class MessageFlags
{
    /// <summary>Hello: the client goes on after an outage; Have messages and Start follow.</summary>
    public const byte Resume = 1;
    /// <summary>Hello: nothing is to be pushed.</summary>
    public const byte NoPush = 2;
    /// <summary>Data: sent ahead of demand.</summary>
    public const byte Pushed = 1;
}

/// <summary>Why the server ends a connection.</summary>
enum FailureCode : ushort
{
    BadMessage = 1,
    VersionNotSupported = 2,
    UnknownImage = 3,
    /// <summary>An image of that name is there, but not the one of the digest that was asked for.</summary>
    OtherImage = 4,
    TooManyClients = 5,
    LimitExceeded = 6,
    ImageUnreadable = 7,
    /// <summary>The image is being read for the first time: ask again.</summary>
    NotReady = 8,
}

/// <summary>What the server knows of earlier boots of the image.</summary>
enum TraceState : byte
{
    None = 0,
    Pushed = 1,
    /// <summary>There is one, which is not of this image or cannot be used; it is as if there were none.</summary>
    Unusable = 2,
    NotWanted = 3,
}

/// <summary>The peer broke the protocol.</summary>
sealed class ProtocolException(string message) : Exception(message)
{
    public FailureCode Code { get; init; } = FailureCode.BadMessage;
}
