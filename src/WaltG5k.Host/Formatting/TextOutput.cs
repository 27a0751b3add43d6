using System.Management.Automation;
using WaltG5k.Automation;
using WaltG5k.Host.Commands;

namespace WaltG5k.Host.Formatting;

/// <summary>Tables and lists for people.</summary>
sealed class TextOutput(TextWriter writer, ViewTable views, int width, bool colours, bool? asList, TimeProvider time) : IOutputFormat
{
    IBlock? _block;

    public void Write(object? value)
    {
        (bool? list, IReadOnlyList<string> properties) = (asList, []);
        if (value is FormatEntry entry) (value, list, properties) = (entry.Value, entry.AsList, entry.Properties);
        object? plain = EngineObjects.Unwrap(value);
        if (plain is null) return;
        if (IsText(plain))
        {
            End();
            writer.WriteLine(Values.Text(plain));
            return;
        }
        View view = views.Find(plain, list, properties);
        if (_block is null || !_block.Takes(view, plain))
        {
            End();
            _block = view.IsList ? new ListBlock(writer, view, colours) : new TableBlock(writer, view, width, colours, time);
        }
        _block.Write(plain);
    }

    public void End()
    {
        _block?.End();
        _block = null;
    }

    static bool IsText(object value) =>
        value is string or IConvertible or Guid or TimeSpan or DateTimeOffset or Uri or Version or Exception or Enum or SwitchParameter;
}

/// <summary>Objects that are shown together.</summary>
interface IBlock
{
    /// <summary>Whether <paramref name="item"/>, to be shown by <paramref name="view"/>, belongs to this block.</summary>
    bool Takes(View view, object item);
    void Write(object item);
    void End();
}
