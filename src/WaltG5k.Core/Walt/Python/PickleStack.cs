namespace WaltG5k.Core.Walt.Python;

/// <summary>
/// The machine that a pickle drives, as far as plain values need it. Lists and dicts grow after they were pushed, hence the open forms.
/// </summary>
sealed class PickleStack
{
    static readonly object s_mark = new();

    readonly Stack<object> _items = new();
    readonly Dictionary<int, object> _memo = [];

    public void Push(PythonLiteral value) => _items.Push(value switch
    {
        PythonList => new List<object>(),
        PythonDict => new OpenDict(),
        _ => value,
    });

    public void Mark() => _items.Push(s_mark);

    public void MakeTuple(int count) => _items.Push(new PythonTuple([.. Pop(count).Select(Close)]));

    public void MakeTuple() => _items.Push(new PythonTuple([.. PopToMark().Select(Close)]));

    public void Append(int count) => AppendAll(Pop(count));

    public void Append() => AppendAll(PopToMark());

    public void SetItems(int pairs) => SetAll(Pop(pairs * 2));

    public void SetItems() => SetAll(PopToMark());

    public void Remember() => _memo[_memo.Count] = Top();

    public void Remember(int index) => _memo[index] = Top();

    public void Recall(int index) => _items.Push(_memo.TryGetValue(index, out object? value) ? value : throw Malformed());

    public PythonLiteral Finish() => _items.Count == 1 ? Close(Pop(1)[0]) : throw Malformed();

    static PythonLiteral Close(object item) => item switch
    {
        PythonLiteral value => value,
        List<object> list => new PythonList([.. list.Select(Close)]),
        OpenDict dict => new PythonDict([.. dict.Select(e => KeyValuePair.Create(Close(e.Key), Close(e.Value)))]),
        _ => throw Malformed(),
    };

    void AppendAll(object[] items) => (Top() as List<object> ?? throw Malformed()).AddRange(items);

    void SetAll(object[] items)
    {
        if (Top() is not OpenDict target || items.Length % 2 != 0) throw Malformed();
        for (int i = 0; i < items.Length; i += 2) target.Add(new(items[i], items[i + 1]));
    }

    object Top() => _items.TryPeek(out object? top) && top != s_mark ? top : throw Malformed();

    object[] Pop(int count)
    {
        object[] items = new object[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Top();
            _items.Pop();
        }
        return items;
    }

    object[] PopToMark()
    {
        List<object> items = [];
        while (_items.TryPop(out object? item))
        {
            if (item == s_mark)
            {
                items.Reverse();
                return [.. items];
            }
            items.Add(item);
        }
        throw Malformed();
    }

    static InvalidDataException Malformed() => new("a pickle whose values do not fit together");

    sealed class OpenDict : List<KeyValuePair<object, object>>;
}
