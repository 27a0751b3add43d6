namespace WaltG5k.Testbed.Oar.Sql;

/// <summary>What the database says of a filter that it cannot evaluate.</summary>
/// <param name="message">Without the leading <c>ERROR:  </c>.</param>
/// <param name="position">Where in the filter.</param>
public sealed class SqlException(string message, int position) : Exception(message)
{
    public int Position { get; } = position;
}
