namespace FuncChat.Tests.Golden;

/// <summary>
/// The event streams that both sides read. The tests here show that the server sends them, byte for byte; those of the page, that it understands them. When
/// what is sent changes on purpose, run the tests with FUNCCHAT_UPDATE_GOLDEN=1, and read the difference.
/// </summary>
internal static class GoldenFile
{
    public static async Task MatchAsync(string name, string stream)
    {
        var path = Path.Combine(Folder(), $"{name}.sse");
        if (Environment.GetEnvironmentVariable("FUNCCHAT_UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(path, stream);
        Assert.Equal(await File.ReadAllTextAsync(path), stream);
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "FuncChat.Tests", "Golden");
            if (Directory.Exists(candidate))
                return candidate;
        }

        throw new DirectoryNotFoundException("FuncChat.Tests/Golden is not above the tests' folder.");
    }
}
