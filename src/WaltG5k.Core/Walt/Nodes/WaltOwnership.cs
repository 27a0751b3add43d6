namespace WaltG5k.Core.Walt;

/// <summary>Nodes by whose they are, in the eyes of a server.</summary>
/// <param name="Owned">They run an image of the user who asks.</param>
/// <param name="Free">They run a default image: anybody may use them.</param>
/// <param name="Foreign">They run an image of somebody else.</param>
public sealed record WaltOwnership(IReadOnlyList<string> Owned, IReadOnlyList<string> Free, IReadOnlyList<string> Foreign);
