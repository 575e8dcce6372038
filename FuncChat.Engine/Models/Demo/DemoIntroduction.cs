using System.Text;

namespace FuncChat.Engine.Models.Demo;

/// <summary>What the demo says of itself, where a message asks for nothing that it can do.</summary>
internal static class DemoIntroduction
{
    private static readonly (string Tool, string Example)[] Examples =
    [
        (DemoRequests.JavaScript, "What is 17 * 23?"),
        (DemoRequests.Search, "Search for the longest bridges"),
        (DemoRequests.Scrape, "Read https://example.com"),
        (DemoRequests.Research, "Research how tides work"),
    ];

    /// <param name="asked">Calls that the message asks for, none of which is offered.</param>
    public static string For(string question, IReadOnlyList<DemoToolCall> asked, IReadOnlyList<string> offered)
    {
        var text = new StringBuilder("I am the demo model: **scripted, not an AI**. ");
        if (asked.Count > 0)
            text.Append($"You ask for {DemoText.ToolNames(asked)}, which is not turned on for this message. ");
        else if (DemoText.Plain(question) is { Length: > 0 } said)
            text.Append($"I have no script for “{DemoText.Cut(said, 80)}”. ");

        text.Append("What I do for real is to stream my words, call tools and answer from their results.\n\n");
        var examples = Examples.Where(example => offered.Contains(example.Tool)).ToList();
        if (examples.Count > 0)
        {
            text.Append("| Say | and I call |\n|---|---|\n");
            foreach (var (tool, example) in examples)
                text.Append($"| {example} | `{tool}` |\n");
            text.Append("\nSeveral at once work too. Code goes between fences:\n\n");
        }
        else
        {
            text.Append("No tool that I know is turned on for this message. With one, I would run code such as this:\n\n");
        }

        return text.Append("""
            ```js
            const squares = [1, 2, 3].map(n => n * n);
            squares.join(", ");
            ```

            For answers of a real model:

            1. Get a key from a provider of models.
            2. Set `OPENAI_API_KEY` or `GROQ_API_KEY`, or the address of a model of your own in `OPENAI_API_URL`.
            3. Start the server again, and *this* model is gone.
            """).ToString();
    }
}
