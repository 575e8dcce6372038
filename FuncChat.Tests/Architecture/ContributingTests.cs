using System.Text;
using System.Text.Json;
using FuncChat.Engine.Lookups;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Dice;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.Text;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace FuncChat.Tests.Architecture;

/// <summary>The examples in CONTRIBUTING.md are code that compiles and runs.</summary>
public sealed class ContributingTests
{
    [Theory]
    [InlineData("RollDiceTool.cs")]
    [InlineData("EchoProviderType.cs")]
    [InlineData("TextFormat.cs")]
    [InlineData("LookupTurn.cs")]
    public void Contributing_shows_the_examples_as_they_compile(string example)
    {
        var code = File.ReadAllText(Repository.PathOf("FuncChat.Tests", "Architecture", "Examples", example));

        Assert.Contains($"```csharp\n{code}```\n", File.ReadAllText(Repository.PathOf("CONTRIBUTING.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Example_store_is_registered_in_one_line()
    {
        var memory = new SharedMemory();
        var services = new ServiceCollection();

        services.AddTurnStore(_ => new MemoryTurnStore(memory));

        Assert.IsType<MemoryTurnStore>(services.BuildServiceProvider().GetRequiredService<ITurnStore>());
        Assert.Contains(
            "```csharp\nservices.AddTurnStore(_ => new MemoryTurnStore(memory));\n```\n", File.ReadAllText(Repository.PathOf("CONTRIBUTING.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_tool_runs()
    {
        var run = new Mock<IToolRun>();
        var tool = RollDiceTool.AsTool();

        var result = await tool.Function.InvokeAsync(Tool.ArgumentsFor(run.Object, new Dictionary<string, object?> { ["count"] = 3 }));

        Assert.Equal(3, Assert.IsType<JsonElement>(result).GetArrayLength());
        run.Verify(watched => watched.Report("Rolling 3 dice", null, null));
    }

    [Fact]
    public async Task Example_format_is_there_for_starting_and_following_once_it_is_registered()
    {
        using var folder = new TemporaryFolder();
        var model = new FakeModel().Answers(FakeModel.Text("One"), FakeModel.Reasoning("Hm."), FakeModel.Text(", two."), FakeModel.Finish());
        await using var server = await LocalServer.StartWithAsync(
            folder.Path, builder => builder.Services.AddSingleton<IWireFormat, TextFormat>(), model.Catalog);
        using var body = new StringContent("""{"messages":[{"role":"user","content":"Hello"}],"turn_id":"turn-0001"}""", Encoding.UTF8, "application/json");

        using var started = await server.Http.PostAsync("api/chat?format=text", body);
        var followed = await server.Http.GetStringAsync("api/turns/turn-0001?format=text&after=3");

        Assert.Equal("id: 3\ndata: \"One\"\n\nid: 5\ndata: \", two.\"\n\n", await started.Content.ReadAsStringAsync());
        Assert.Equal("id: 5\ndata: \", two.\"\n\n", followed);
    }

    [Fact]
    public async Task Example_kind_of_turn_runs_and_is_stored_once_it_is_registered()
    {
        var memory = new MemoryTurnStore(new SharedMemory());
        await using var services = TestEngine.Create(replace => replace
            .AddTurnKind<LookupTurnKind, LookupTurnRequest>("lookup").AddTurnStore(_ => memory));
        var turns = services.GetRequiredService<TurnService>();
        var request = new LookupTurnRequest { Words = ["tide", "moon"], Fingerprint = "f" };

        var turn = await turns.StartAsync(TurnBench.User, "turn-0001", request, CancellationToken.None);
        await using var reader = new TurnReader(turn.Value!.Follower!, new CancellationTokenSource());
        var events = await reader.EventsToEndAsync();
        var again = await turns.StartAsync(TurnBench.User, "turn-0001", request, CancellationToken.None);

        Assert.Equal(["search_start", "search_result", "search_result", "complete"], events.Select(sent => sent.Name));
        Assert.True(again.Succeeded);
    }
}
