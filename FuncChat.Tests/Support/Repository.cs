namespace FuncChat.Tests.Support;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(DirectoryInfo? folder) => folder switch
    {
        null => throw new InvalidOperationException($"FuncChat.sln is in no folder above {AppContext.BaseDirectory}."),
        _ when File.Exists(Path.Combine(folder.FullName, "FuncChat.sln")) => folder.FullName,
        _ => Find(folder.Parent),
    };
}
