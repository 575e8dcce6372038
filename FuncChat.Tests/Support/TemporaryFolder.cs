namespace FuncChat.Tests.Support;

/// <summary>An empty folder of the test's own, removed with all that is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("funcchat-test-").FullName;

    public void Dispose()
    {
        // What a server still writes as it ends finds no folder there, and can't fill one that is being deleted.
        var removed = Path + ".removed";
        Directory.Move(Path, removed);
        Directory.Delete(removed, recursive: true);
    }
}
