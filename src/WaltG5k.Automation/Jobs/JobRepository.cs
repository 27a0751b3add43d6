namespace System.Management.Automation;

public abstract class Repository<T> where T : class
{
    readonly Dictionary<Guid, T> _items = [];
    readonly Lock _lock = new();

    internal Repository() { }

    public void Add(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        lock (_lock)
        {
            if (!_items.TryAdd(GetKey(item), item))
                throw new PSArgumentException("The repository has an item of that instance id already.", nameof(item));
            Numbered(item, _items.Count);
        }
    }

    public T? GetItem(Guid instanceId) { lock (_lock) return _items.GetValueOrDefault(instanceId); }
    public List<T> GetItems() { lock (_lock) return [.. _items.Values]; }
    public void Remove(T item) { lock (_lock) _items.Remove(GetKey(item)); }

    protected abstract Guid GetKey(T item);

    private protected virtual void Numbered(T item, int number) { }
}

/// <summary>The jobs of the session.</summary>
public class JobRepository : Repository<Job>
{
    internal JobRepository() { }
    public List<Job> Jobs => GetItems();
    public Job? GetJob(Guid instanceId) => GetItem(instanceId);

    protected override Guid GetKey(Job item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.InstanceId;
    }

    private protected override void Numbered(Job item, int number)
    {
        item.Id = number;
        if (item.Name.Length == 0) item.Name = string.Create(Globalization.CultureInfo.InvariantCulture, $"Job{number}");
    }
}
