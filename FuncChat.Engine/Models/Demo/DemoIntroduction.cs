using System.Text;

namespace FuncChat.Engine.Models.Demo;

/// <summary>The demo's answer to a message that requests nothing it can do.</summary>
internal static class DemoIntroduction
{
    private static readonly (string Tool, string Example)[] Examples =
    [
        (DemoRequests.JavaScript, "What is 17 * 23?"),
        (DemoRequests.Search, "Search for the longest bridges"),
        (DemoRequests.Scrape, "Read https://example.com"),
        (DemoRequests.Research, "Research how tides work"),
    ];

    /// <param name="asked">Calls that the message requests, none of which is offered.</param>
    public static string For(string question, IReadOnlyList<DemoToolCall> asked, IReadOnlyList<string> offered)
    {
        var text = new StringBuilder("I am the demo model: **scripted, not an AI**. ");
        if (asked.Count > 0)
            text.Append($"You asked for {DemoText.ToolNames(asked)}, which is not turned on for this message. ");
        else if (DemoText.Plain(question) is { Length: > 0 } said)
            text.Append($"I have no script for “{DemoText.Cut(said, 80)}”. ");

        text.Append("Streaming, tool calls and tool results are real.\n\n");
        var examples = Examples.Where(example => offered.Contains(example.Tool)).ToList();
        if (examples.Count > 0)
        {
            text.Append("| Message | Tool |\n|---|---|\n");
            foreach (var (tool, example) in examples)
                text.Append($"| {example} | `{tool}` |\n");
            text.Append("\nSeveral in one message work too. Name any other tool to call it, with its arguments as JSON. Code goes between fences:\n\n");
        }
        else
        {
            text.Append("No built-in tool is turned on for this message. Name a tool to call it, with its arguments as JSON. With `execute_javascript` on, I run code such as this:\n\n");
        }

        return text.Append("""
            ```js
            const squares = [1, 2, 3].map(n => n * n);
            squares.join(", ");
            ```

            To use a real model:

            1. Get a key from a model provider.
            2. Set `OPENAI_API_KEY` or `GROQ_API_KEY`, or the address of your own model in `OPENAI_API_URL`.
            3. Restart the server.
            """).ToString();
    }
}
