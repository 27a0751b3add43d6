namespace WaltG5k.Core.Kadeploy;

/// <summary>The public keys that are let in as root on the deployed nodes.</summary>
/// <param name="Path">A file on the front-end or a URL; null: the user's own <c>~/.ssh/authorized_keys</c> there.</param>
/// <param name="Text">The keys themselves; they are put into a file on the front-end first.</param>
public sealed record KadeployKey(string? Path, string? Text = null)
{
    static readonly string[] s_types = ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"];

    /// <summary>The user's own keys on the front-end.</summary>
    public static KadeployKey AuthorizedKeys { get; } = new(Path: null);

    /// <summary>A path, a URL, or the text of keys: such a text begins with their type, <c>ssh-ed25519 AAAA…</c>.</summary>
    public static KadeployKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        return s_types.Any(type => trimmed.StartsWith(type, StringComparison.Ordinal)) && trimmed.Contains(' ', StringComparison.Ordinal)
            ? new KadeployKey(null, trimmed + "\n")
            : new KadeployKey(trimmed);
    }

    public bool IsUrl => Path is not null && (Path.StartsWith("http://", StringComparison.Ordinal)
        || Path.StartsWith("https://", StringComparison.Ordinal));

    public override string ToString() => Text is not null ? "keys given as text" : Path ?? "~/.ssh/authorized_keys";
}
