namespace WaltG5k.Tests;

/// <summary>Recorded outputs of the real programs, in <c>samples/</c> beside the tests.</summary>
static class Samples
{
    public static string Read(string path) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", path));
}
