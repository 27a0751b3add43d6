using System.Text.Json.Serialization;
using WaltG5k.Core;

namespace WaltG5k.Testbed.Sharing;

/// <summary>
/// What a joined process sends to the owner of a testbed: one JSON object per line. The first line of a connection is a <see cref="HelloRequest"/>,
/// <see cref="RunRequest"/> or <see cref="ResolveRequest"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(HelloRequest), "hello")]
[JsonDerivedType(typeof(RunRequest), "run")]
[JsonDerivedType(typeof(CancelRequest), "cancel")]
[JsonDerivedType(typeof(ResolveRequest), "resolve")]
[JsonDerivedType(typeof(TalkRequest), "talk")]
[JsonDerivedType(typeof(TypedLine), "typed")]
abstract record ClientMessage
{
    /// <summary>Changes whenever a message changes its meaning.</summary>
    public const int CurrentProtocol = 2;
    public int Protocol { get; init; } = CurrentProtocol;
}

/// <summary>Joins. The connection stays open: its end is the end of the testbed.</summary>
sealed record HelloRequest : ClientMessage;

/// <summary>
/// Runs a program. Lines come as they are written, then one <see cref="EndAnswer"/>. The end of the connection interrupts the program.
/// </summary>
sealed record RunRequest(string Site, IReadOnlyList<string> Arguments, string? Input, IReadOnlyDictionary<string, string> Environment, bool Terminal,
    TimeSpan Timeout)
    : ClientMessage;

/// <summary>Interrupts the program of this connection.</summary>
sealed record CancelRequest : ClientMessage;

/// <summary>
/// Runs a program on the user's terminal: <see cref="TextAnswer"/> and <see cref="PromptAnswer"/> come, then one <see cref="EndAnswer"/>.
/// </summary>
sealed record TalkRequest(string Site, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment) : ClientMessage;

/// <summary>What the user has typed after a prompt; null: the end of the input.</summary>
sealed record TypedLine(string? Line) : ClientMessage;

/// <summary>Asks where a port of an emulated host really is; the channel then goes there directly.</summary>
sealed record ResolveRequest(string Site, string Host, int Port) : ClientMessage;

/// <summary>What the owner answers.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(HelloAnswer), "hello")]
[JsonDerivedType(typeof(ClockAnswer), "clock")]
[JsonDerivedType(typeof(LineAnswer), "line")]
[JsonDerivedType(typeof(EndAnswer), "end")]
[JsonDerivedType(typeof(TextAnswer), "text")]
[JsonDerivedType(typeof(PromptAnswer), "prompt")]
[JsonDerivedType(typeof(EndpointAnswer), "endpoint")]
[JsonDerivedType(typeof(FailureAnswer), "failure")]
[JsonDerivedType(typeof(DefectAnswer), "defect")]
abstract record ServerMessage;

/// <param name="Now">What the testbed's clock shows.</param>
/// <param name="Speed">Its virtual seconds per real second.</param>
/// <param name="OarApi">The root below which each site has OAR's own interface.</param>
sealed record HelloAnswer(string User, Uri Api, Uri OarApi, DateTimeOffset Now, double Speed) : ServerMessage;

/// <summary>The clock has jumped; it shows this now.</summary>
sealed record ClockAnswer(DateTimeOffset Now) : ServerMessage;

sealed record LineAnswer(string Text, bool IsError) : ServerMessage;
/// <summary>Text for the terminal.</summary>
sealed record TextAnswer(string Text) : ServerMessage;

/// <summary>The program waits for a line.</summary>
sealed record PromptAnswer(string Prompt) : ServerMessage;

sealed record EndAnswer(int Status, TimeSpan Duration) : ServerMessage;
sealed record EndpointAnswer(string Address, int Port) : ServerMessage;

/// <summary>A <see cref="G5kException"/>.</summary>
sealed record FailureAnswer(string Code, ErrorKind Kind, string Message, string? Target, string? Recommendation) : ServerMessage
{
    public static FailureAnswer From(G5kException e) => new(e.Code, e.Kind, e.Message, e.Target?.ToString(), e.Recommendation);
    public G5kException ToException() => new(Code, Kind, Message, Target, Recommendation);
}

/// <summary>The emulation itself has failed: a defect of this program.</summary>
sealed record DefectAnswer(string Text) : ServerMessage;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClientMessage))]
[JsonSerializable(typeof(ServerMessage))]
sealed partial class MessageContext : JsonSerializerContext;
