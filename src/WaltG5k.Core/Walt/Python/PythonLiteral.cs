using System.Numerics;

namespace WaltG5k.Core.Walt.Python;

/// <summary>
/// A Python literal: what WalT's RPC carries in text mode. Immutable, compared by value. <see cref="object.ToString"/> gives the text that
/// Python's <c>repr</c> would.
/// </summary>
public abstract record PythonLiteral
{
    private protected PythonLiteral()
    {
    }

    public static PythonLiteral None { get; } = new PythonNone();
    public static PythonLiteral True { get; } = new PythonBoolean(true);
    public static PythonLiteral False { get; } = new PythonBoolean(false);
    public static PythonTuple EmptyTuple { get; } = new([]);

    public static PythonTuple Tuple(params IReadOnlyList<PythonLiteral> items) => new(items);
    public static PythonTuple Strings(IEnumerable<string> items) => new([.. items.Select(i => new PythonString(i))]);
    public static PythonString String(string value) => new(value);

    /// <summary>Reads one literal that fills the whole text.</summary>
    /// <exception cref="PythonLiteralException">The text is something else; the exception says where.</exception>
    public static PythonLiteral Parse(string text) => new PythonLiteralReader(text).ReadAll();

    public static implicit operator PythonLiteral(string value) => new PythonString(value);
    public static implicit operator PythonLiteral(bool value) => value ? True : False;
    public static implicit operator PythonLiteral(long value) => new PythonInteger(value);
    public static implicit operator PythonLiteral(double value) => new PythonFloat(value);

    /// <summary>The text, or null when this is no string.</summary>
    public string? AsString() => (this as PythonString)?.Value;

    /// <summary>The strings of a tuple or list, or null when this is no sequence of strings.</summary>
    public IReadOnlyList<string>? AsStrings() =>
        this is PythonSequence sequence && sequence.Items.All(i => i is PythonString)
        ? [.. sequence.Items.Select(i => ((PythonString)i).Value)]
        : null;

    public bool IsTrue => this is PythonBoolean { Value: true };

    public sealed override string ToString() => PythonLiteralWriter.Write(this);
}

public sealed record PythonNone : PythonLiteral;

public sealed record PythonBoolean(bool Value) : PythonLiteral;

public sealed record PythonInteger(BigInteger Value) : PythonLiteral;

/// <summary>A float. Infinities are read (<c>1e999</c>) but never written: their <c>repr</c> is no literal.</summary>
public sealed record PythonFloat(double Value) : PythonLiteral;

/// <summary>
/// A string. Its characters outside the basic plane are surrogate pairs, as everywhere in .NET; a lone surrogate stands for Python's lone
/// surrogate.
/// </summary>
public sealed record PythonString(string Value) : PythonLiteral;

public sealed record PythonBytes(ReadOnlyMemory<byte> Value) : PythonLiteral
{
    public bool Equals(PythonBytes? other) => other is not null && Value.Span.SequenceEqual(other.Value.Span);

    public override int GetHashCode()
    {
        HashCode hash = new();
        hash.AddBytes(Value.Span);
        return hash.ToHashCode();
    }
}

/// <summary>A tuple or a list.</summary>
public abstract record PythonSequence(IReadOnlyList<PythonLiteral> Items) : PythonLiteral
{
    public virtual bool Equals(PythonSequence? other) =>
        other is not null && EqualityContract == other.EqualityContract && Items.SequenceEqual(other.Items);

    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (PythonLiteral item in Items) hash.Add(item);
        return hash.ToHashCode();
    }
}

public sealed record PythonTuple(IReadOnlyList<PythonLiteral> Items) : PythonSequence(Items);

public sealed record PythonList(IReadOnlyList<PythonLiteral> Items) : PythonSequence(Items);

/// <summary>A dict, in the order in which it was written. Compared in that order.</summary>
public sealed record PythonDict(IReadOnlyList<KeyValuePair<PythonLiteral, PythonLiteral>> Entries) : PythonLiteral
{
    public static PythonDict Empty { get; } = new([]);

    /// <summary>The value of a string key, or null. Of equal keys the last one counts, as in Python.</summary>
    public PythonLiteral? this[string key]
    {
        get
        {
            for (int i = Entries.Count - 1; i >= 0; i--)
            {
                if (Entries[i].Key is PythonString text && text.Value == key) return Entries[i].Value;
            }
            return null;
        }
    }

    public static PythonDict Of(params IEnumerable<(string Key, PythonLiteral Value)> entries) =>
        new([.. entries.Select(e => KeyValuePair.Create<PythonLiteral, PythonLiteral>(e.Key, e.Value))]);

    public static PythonDict Of(IEnumerable<KeyValuePair<string, string>> entries) =>
        new([.. entries.Select(e => KeyValuePair.Create<PythonLiteral, PythonLiteral>(e.Key, e.Value))]);

    public bool Equals(PythonDict? other) => other is not null && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (KeyValuePair<PythonLiteral, PythonLiteral> entry in Entries) hash.Add(entry);
        return hash.ToHashCode();
    }
}

/// <summary>A text that is no Python literal.</summary>
/// <param name="position">Index of the first character that does not fit.</param>
public sealed class PythonLiteralException(string message, int position) : FormatException($"{message} at character {position}")
{
    public int Position { get; } = position;
}
