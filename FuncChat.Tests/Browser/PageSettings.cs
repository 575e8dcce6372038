using FuncChat.Tests.Support;

namespace FuncChat.Tests.Browser;

/// <summary>The settings of FuncChat.Local when it serves the page to a test.</summary>
internal static class PageSettings
{
    // The keys of the user who runs the tests must not matter, and the page would ask the scripted model for titles.
    private static readonly (string Name, string Value)[] Defaults =
    [
        ("FuncChat__Threads__TitleModel", "none"), ("FuncChat__ServePage", "true"), ("OPENAI_API_KEY", ""), ("OPENAI_API_URL", ""), ("GROQ_API_KEY", ""), ("GROQ_API_URL", ""),
    ];

    /// <param name="settings">As environment variables. They override the defaults.</param>
    public static (string Name, string Value)[] With(params (string Name, string Value)[] settings)
    {
        // Without it, FuncChat.Local would build the page itself in the middle of a test.
        var page = Repository.PathOf("staticwebapp", "dist", "index.html");
        Assert.True(File.Exists(page), $"The page is not built: run `npm ci && npm run build` in staticwebapp, or ./test.sh. Missing: {page}");
        return [.. Defaults, .. settings];
    }
}
