using System.Buffers;
using System.Text;
using System.Text.Json;

namespace WaltG5k.Core.Text;

/// <summary>Takes one member of an object, as an object of its own: <c>{"key": value}</c>.</summary>
delegate void JsonMemberHandler(ReadOnlySpan<byte> member);

/// <summary>
/// Splits a large JSON object that comes line by line into its members, so that neither the whole text nor a document of it has to be kept. Lines of
/// any kind may stand before the object, braces included, and after it: start-up files and rules print what they like.
/// </summary>
sealed class JsonMembers(JsonMemberHandler onMember)
{
    static readonly SearchValues<char> s_marks = SearchValues.Create("\"{}[],");
    static readonly SearchValues<char> s_stringMarks = SearchValues.Create("\"\\");

    readonly ArrayBufferWriter<byte> _member = new();
    /// <summary>0: before the object, 1: among its members.</summary>
    int _depth;
    bool _isInString, _isEscaped, _isDone, _isFirstLine;
    JsonException? _failure;

    /// <summary>What could not be read, once the last line has been given; null when all is well. No object at all is well too.</summary>
    public JsonException? Failure => _failure ?? (_depth > 0 && !_isDone ? new JsonException("The text ends before its object does.") : null);

    /// <summary>Takes the next line, or the next piece of a very long one.</summary>
    public void Take(ReadOnlySpan<char> line)
    {
        if (_isDone || _failure is not null) return;
        if (_depth == 0)
        {
            line = line.TrimStart();
            if (!Begins(line)) return;
            _depth = 1;
            _isFirstLine = true;
            line = line[1..];
            BeginMember();
        }
        Split(line);
        _isFirstLine = false;
    }

    /// <summary>An object begins a line, and a name or its end follows.</summary>
    static bool Begins(ReadOnlySpan<char> line) =>
        line.StartsWith("{") && line[1..].TrimStart() is var rest && (rest.IsEmpty || rest[0] is '"' or '}');

    void Split(ReadOnlySpan<char> text)
    {
        int start = 0, position = 0;
        while (position < text.Length && !_isDone)
        {
            if (_isEscaped)
            {
                _isEscaped = false;
                position++;
                continue;
            }
            int next = text[position..].IndexOfAny(_isInString ? s_stringMarks : s_marks);
            if (next < 0) break;
            position += next + 1;
            char mark = text[position - 1];
            if (_isInString)
            {
                if (mark == '\\') _isEscaped = true;
                else _isInString = false;
            }
            else if (EndsMember(mark))
            {
                Append(text[start..(position - 1)]);
                start = position;
                EndMember();
            }
        }
        if (!_isDone && _depth > 0) Append(text[start..]);
    }

    /// <summary>Follows the nesting; true at a comma between members and at the end of the object.</summary>
    bool EndsMember(char mark)
    {
        switch (mark)
        {
            case '"': _isInString = true; return false;
            case '{' or '[': _depth++; return false;
            case ',': return _depth == 1;
            default: return (_isDone = --_depth == 0);
        }
    }

    void Append(ReadOnlySpan<char> text)
    {
        if (!text.IsWhiteSpace()) Encoding.UTF8.GetBytes(text, _member);
    }

    void BeginMember()
    {
        _member.ResetWrittenCount();
        _member.Write("{"u8);
    }

    void EndMember()
    {
        if (_member.WrittenCount > 1)
        {
            _member.Write("}"u8);
            try
            {
                onMember(_member.WrittenSpan);
            }
            catch (JsonException) when (_isFirstLine && _isDone)
            {
                // A stranger's line that only looked like an object: the true one may follow.
                _isDone = false;
            }
            catch (JsonException e)
            {
                _failure = e;
            }
        }
        BeginMember();
    }
}
