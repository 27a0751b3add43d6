namespace WaltG5k.Core.VirtualMachines.Topologies.Forms;

/// <summary>A value of a description, whatever its form, and the line on which it begins (from 1 on; 0: made, not read).</summary>
abstract class DataValue(int line)
{
    public int Line { get; } = line;
}

/// <summary>Text, a whole or broken number, a truth value, a <see cref="ByteCount"/>, or nothing.</summary>
sealed class DataScalar(int line, object? value) : DataValue(line)
{
    public object? Value { get; } = value;
}

sealed class DataList(int line) : DataValue(line)
{
    public List<DataValue> Items { get; } = [];
}

sealed class DataMap(int line) : DataValue(line)
{
    public List<DataEntry> Entries { get; } = [];

    public void Add(string key, DataValue value) => Entries.Add(new DataEntry(key, value));

    public void Add(string key, object? value) => Add(key, new DataScalar(Line, value));
}

readonly record struct DataEntry(string Key, DataValue Value);

/// <summary>A number that was written with its unit: <c>4GB</c> in a data file of PowerShell.</summary>
readonly record struct ByteCount(decimal Bytes);

/// <summary>The text is not of its form at all; nothing after this line could be read.</summary>
sealed class DataSyntaxException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
