namespace WaltG5k.Host.Formatting;

/// <summary>Turns the objects of a session into text, each as soon as it can be.</summary>
interface IOutputFormat
{
    void Write(object? value);

    /// <summary>Writes what is still held back.</summary>
    void End();
}
