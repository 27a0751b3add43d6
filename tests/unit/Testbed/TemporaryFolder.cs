namespace WaltG5k.Tests.Testbed;

/// <summary>A folder that goes with its test.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("waltg5k-test-").FullName;
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
