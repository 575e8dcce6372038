using FuncChat.Tools.Scrape;

namespace FuncChat.Tests.Tools.Scrape;

/// <summary>Pages of many shapes, and the text that the model gets of each: Shapes/name.html and Shapes/name.md.</summary>
public class PageShapeTests
{
    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder(), "*.html").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Page_is_read_as_its_golden_file_shows(string name)
    {
        var html = await File.ReadAllTextAsync(Path.Combine(Folder(), $"{name}.html"));

        var article = await HtmlArticle.ReadAsync(html, new Uri("https://site.test/page"), CancellationToken.None);

        var actual = $"title: {article.Title}\nnote: {article.Note}\n\n{article.Markdown}\n";
        var golden = Path.Combine(Folder(), $"{name}.md");
        if (Environment.GetEnvironmentVariable("FUNCCHAT_UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(golden, actual);
        Assert.Equal((await File.ReadAllTextAsync(golden)).ReplaceLineEndings("\n"), actual);
    }

    [Fact]
    public void There_are_at_least_thirty_shapes() => Assert.True(Names.Count >= 30);

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "FuncChat.Tests", "Tools", "Scrape", "Shapes");
            if (Directory.Exists(candidate))
                return candidate;
        }

        throw new DirectoryNotFoundException("FuncChat.Tests/Tools/Scrape/Shapes is not above the folder of the tests.");
    }
}
