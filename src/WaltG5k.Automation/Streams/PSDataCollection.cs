using System.Collections;
using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>A list that one thread fills while another reads.</summary>
public class PSDataCollection<T> : IList<T>, IDisposable
{
    readonly List<T> _items = [];
    readonly Lock _lock = new();

    public PSDataCollection() { }
    public PSDataCollection(IEnumerable<T> items) => _items.AddRange(items);

    public bool IsOpen { get; private set; } = true;
    public int Count { get { lock (_lock) return _items.Count; } }
    public bool IsReadOnly => false;

    public T this[int index]
    {
        get { lock (_lock) return _items[index]; }
        set { lock (_lock) _items[index] = value; }
    }

    public void Add(T item)
    {
        lock (_lock)
        {
            if (!IsOpen) throw new PSInvalidOperationException("Objects cannot be added to a closed buffer.");
            _items.Add(item);
        }
    }

    /// <summary>Takes all that is there.</summary>
    public Collection<T> ReadAll()
    {
        lock (_lock)
        {
            var all = new Collection<T>([.. _items]);
            _items.Clear();
            return all;
        }
    }

    public void Complete() { lock (_lock) IsOpen = false; }
    public void Clear() { lock (_lock) _items.Clear(); }
    public bool Contains(T item) { lock (_lock) return _items.Contains(item); }
    public void CopyTo(T[] array, int arrayIndex) { lock (_lock) _items.CopyTo(array, arrayIndex); }
    public int IndexOf(T item) { lock (_lock) return _items.IndexOf(item); }
    public void Insert(int index, T item) { lock (_lock) _items.Insert(index, item); }
    public bool Remove(T item) { lock (_lock) return _items.Remove(item); }
    public void RemoveAt(int index) { lock (_lock) _items.RemoveAt(index); }

    public IEnumerator<T> GetEnumerator()
    {
        List<T> snapshot;
        lock (_lock) snapshot = [.. _items];
        return snapshot.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        Complete();
        GC.SuppressFinalize(this);
    }
}
