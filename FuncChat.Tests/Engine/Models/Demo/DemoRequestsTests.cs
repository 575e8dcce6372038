using System.Text.Json;
using FuncChat.Engine.Models.Demo;

namespace FuncChat.Tests.Engine.Models.Demo;

public sealed class DemoRequestsTests
{
    [Theory]
    [InlineData("Search for the tallest bridges", "search_web:the tallest bridges")]
    [InlineData("search the web for C# 14.0 news?", "search_web:C# 14.0 news")]
    [InlineData("Could you please look up \"Ada Lovelace\".", "search_web:Ada Lovelace")]
    [InlineData("search: llamas", "search_web:llamas")]
    [InlineData("Search quantum computing", "search_web:quantum computing")]
    [InlineData("I read that search engines are old", "")]
    [InlineData("Read https://example.com.", "scrape_web_content:https://example.com")]
    [InlineData("what does (https://example.com/a_(b)?q=1&r=2#x) say?", "scrape_web_content:https://example.com/a_(b)?q=1&r=2#x")]
    [InlineData("look up https://example.com", "scrape_web_content:https://example.com")]
    [InlineData("Compare https://a.test and https://b.test/", "scrape_web_content:https://a.test|scrape_web_content:https://b.test/")]
    [InlineData("javascript:alert(1)", "execute_javascript:alert(1)")]
    [InlineData("What is 17 * 23?", "execute_javascript:17 * 23")]
    [InlineData("calculate 2^10 - (3+4)/7", "execute_javascript:2**10 - (3+4)/7")]
    [InlineData("How much is 1,200 × 3 ÷ 4 today", "execute_javascript:1200 * 3 / 4")]
    [InlineData("what's 10 - 4", "execute_javascript:10 - 4")]
    [InlineData("3.5 * 2", "execute_javascript:3.5 * 2")]
    [InlineData("-3 + 5", "execute_javascript:-3 + 5")]
    [InlineData("We met on 2026-11-22, 24/7, from 9-17", "")]
    [InlineData("calculate the meaning of life", "")]
    [InlineData("calculate 3+(4", "")]
    [InlineData("what is 3 + ", "")]
    [InlineData("Run JavaScript: [1,2,3].map(x => x * 2)", "execute_javascript:[1,2,3].map(x => x * 2)")]
    [InlineData("Run this: let x = 1; x + 1; 'https://example.com'", "execute_javascript:let x = 1; x + 1; 'https://example.com'")]
    [InlineData("run `6 * 7` please", "execute_javascript:6 * 7")]
    [InlineData("What happens here?\n```js\nlet a = 1;\na + 1\n```", "execute_javascript:let a = 1;\na + 1")]
    [InlineData("```python\nprint(1)\n```", "")]
    [InlineData("run some javascript", "execute_javascript:Array.from({ length: 10 }, (_, n) => n ** 2)")]
    [InlineData("Research how tides work", "research:how tides work")]
    [InlineData("please do some research on bees, wasps and hornets", "research:bees, wasps and hornets")]
    [InlineData("The research shows nothing", "")]
    [InlineData("search for cats and then search for dogs", "search_web:cats|search_web:dogs")]
    [InlineData("Search for cats, read https://example.com and calculate 2+2", "search_web:cats|scrape_web_content:https://example.com|execute_javascript:2+2")]
    [InlineData("Run JavaScript: 1+1 and search for cats and dogs", "execute_javascript:1+1|search_web:cats and dogs")]
    [InlineData("search for cats. Search for cats.", "search_web:cats")]
    [InlineData("hello", "")]
    [InlineData("", "")]
    [InlineData("``` ``` ` ```", "")]
    public void Requests_are_the_tool_calls_that_a_message_asks_for(string message, string expected)
    {
        var calls = DemoRequests.In(message).Select(call => $"{call.Tool}:{OnlyArgument(call)}");

        Assert.Equal(expected, string.Join('|', calls));
    }

    [Fact]
    public void Requests_are_five_at_most()
    {
        var message = string.Join(' ', Enumerable.Range(1, 50).Select(n => $"https://example.com/{n}"));

        Assert.Equal(5, DemoRequests.In(message).Count);
    }

    [Theory]
    [InlineData("search for ")]
    [InlineData("1+(")]
    [InlineData("please and then ")]
    [InlineData("https://")]
    [InlineData("run a b c d e f: ")]
    [InlineData("```js\n")]
    [InlineData("\U0001F600")]
    [InlineData("- ( ")]
    [InlineData("research research ")]
    [InlineData(", then ")]
    public void Requests_are_found_without_hanging_when_a_message_is_long_garbage(string piece)
    {
        // A pattern that backtracks without end throws at its timeout.
        var message = string.Concat(Enumerable.Repeat(piece, 10_000));

        Assert.InRange(DemoRequests.In(message).Count, 0, 5);
    }

    [Theory]
    [InlineData("research", ' ')]
    [InlineData("search the web", ' ')]
    [InlineData("look up", ' ')]
    [InlineData("js: a", ' ')]
    [InlineData("run this", ' ')]
    [InlineData("please", ' ')]
    [InlineData("```js", ' ')]
    [InlineData("1", ' ')]
    [InlineData("1", '(')]
    [InlineData("1", '1')]
    [InlineData("x", '.')]
    [InlineData("https://x", ',')]
    public void Requests_are_found_without_hanging_when_one_letter_repeats(string start, char letter)
    {
        Assert.InRange(DemoRequests.In($"{start}{new string(letter, 100_000)}x").Count, 0, 5);
        Assert.InRange(DemoRequests.In($"{start}{new string(letter, 1_900)}x").Count, 0, 5);
    }

    private static string OnlyArgument(DemoToolCall call) =>
        Assert.Single(JsonDocument.Parse(call.Arguments).RootElement.EnumerateObject()).Value.GetString()!;
}
