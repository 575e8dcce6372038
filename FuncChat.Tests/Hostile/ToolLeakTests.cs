using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Hostile;

/// <summary>Tools that return a key of the server, as a server does that repeats its request.</summary>
public sealed class ToolLeakTests
{
    private const string Key = "Canary91bf0123456789abcdef";

    [Theory]
    [InlineData("returns", "tool_call_result")]
    [InlineData("fails", "tool_call_result")]
    [InlineData("reports", "tool_call_progress")]
    public async Task No_key_of_the_settings_is_in_what_a_tool_returns_reports_or_stores(string name, string eventName)
    {
        var seen = new ManualSignal();
        using var folder = new TemporaryFolder();
        var model = new FakeModel().Calls(("a", name, "{}")).Says("Done.");
        await using var server = await LocalServer.StartWithAsync(
            folder.Path,
            builder =>
            {
                foreach (var tool in (Tool[])[
                    Tool.FromMethod(() => new { headers = $"Authorization: Bearer {Key}" }, "returns", "Returns.", readOnly: true),
                    Tool.FromMethod(string () => throw new ToolException($"401 for {Key}"), "fails", "Fails.", readOnly: true),
                    Tool.FromMethod((IToolRun run, CancellationToken token) => ReportAsync(run, seen, token), "reports", "Reports.", readOnly: true)])
                    builder.Services.AddSingleton(tool);
            },
            model.Catalog, null, ("TAVILY_API_KEY", Key));
        await using var stream = await TurnStream.PostAsync(server.Http, $$"""{"messages":[{"role":"user","content":"x"}],"tools":["{{name}}"]}""");

        var events = new List<SseEvent>();
        while (await stream.NextAsync() is { } next)
        {
            events.Add(next);
            if (next.Text("message") is not null)
                seen.Set();
        }

        Assert.Contains(events, sent => sent.Name == eventName && sent.Raw.Contains("[key]", StringComparison.Ordinal));
        Assert.DoesNotContain(Key, SseEvent.Join(events), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Key, string.Concat(model.Requests[1].Messages.Select(message => Encoding.UTF8.GetString(message.Span))), StringComparison.OrdinalIgnoreCase);
        Assert.All(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain(Key, File.ReadAllText(file), StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(Key, "Sent " + Key, """{"type":"object","properties":{"a":{"type":"string","description":"Sent [key]"}}}""")]
    [InlineData("n" + Key, "Sent\\n" + Key, "{}")]
    public async Task No_key_of_the_settings_is_in_what_a_tool_asks(string key, string description, string shown)
    {
        using var folder = new TemporaryFolder();
        var schema = JsonElement.Parse($$$$"""{"type":"object","properties":{"a":{"type":"string","description":"{{{{description}}}}"}}}""");
        var model = new FakeModel().Calls(("a", "asks", "{}"));
        await using var server = await LocalServer.StartWithAsync(
            folder.Path,
            builder => builder.Services.AddSingleton(Tool.FromMethod(string () => throw new ToolQuestionException($"For {key}?", schema), "asks", "Asks.", readOnly: true)),
            model.Catalog, null, ("TAVILY_API_KEY", key));
        await using var stream = await TurnStream.PostAsync(server.Http, """{"messages":[{"role":"user","content":"x"}],"tools":["asks"]}""");

        var events = await stream.ToEndAsync();

        var asked = Assert.Single(events, sent => sent.Name == "input_request");
        Assert.Equal("For [key]?", asked.Text("message"));
        Assert.Equal(shown, asked.Data.GetProperty("schema").GetRawText());
        Assert.DoesNotContain(key, SseEvent.Join(events), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<string> ReportAsync(IToolRun run, ManualSignal seen, CancellationToken cancellationToken)
    {
        run.Report($"Signed in with {Key}");
        await seen.WaitAsync(cancellationToken);
        return "Done.";
    }
}
