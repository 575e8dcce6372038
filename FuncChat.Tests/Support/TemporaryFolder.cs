namespace FuncChat.Tests.Support;

/// <summary>An empty folder of the test's own, removed with all that is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("funcchat-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
