using Azure.Storage.Blobs.Specialized;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure;

/// <summary>Two servers that share nothing but the store.</summary>
[Collection(AzuriteTests.Name)]
public sealed class TwoInstancesTests(AzuriteServer azurite) : IAsyncLifetime
{
    private const string TurnId = "turn-0001";
    private const string Body = $$"""{"messages":[{"role":"user","content":"Hello"}],"model":"openai:scripted","turn_id":"{{TurnId}}"}""";

    private readonly string _container = AzuriteServer.NewContainer();
    private readonly TemporaryFolder _folders = new();
    private ScriptedModelServer _upstream = null!;

    public async Task InitializeAsync() => _upstream = await ScriptedModelServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folders.Dispose();
    }

    [Fact]
    public async Task Turn_continues_on_the_second_instance_when_the_first_is_killed()
    {
        _upstream.Answers(answer => answer.Text("Half an ").Stall()).Says("A whole ", "answer.");
        await using var first = await StartAsync("first");
        await using var second = await StartAsync("second");
        await using var started = await TurnStream.PostAsync(first.Http, Body);
        await using var followed = await TurnStream.FollowAsync(second.Http, TurnId, after: 0);
        Assert.Equal("Half an ", (await NextAsync(followed, "delta")).Text("content"));

        await first.KillAsync();
        await EndLeaseAsync();

        await NextAsync(followed, "message_reset");
        var rest = await followed.ToEndAsync();
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal("A whole answer.", string.Concat(rest.Where(each => each.Name == "delta").Select(each => each.Text("content"))));
    }

    [Fact]
    public async Task Turn_of_the_first_instance_is_stopped_through_the_second()
    {
        _upstream.Answers(answer => answer.Text("Half an ").Stall());
        await using var first = await StartAsync("first");
        await using var second = await StartAsync("second");
        await using var started = await TurnStream.PostAsync(first.Http, Body);
        await NextAsync(started, "delta");

        using var stopped = await second.Http.DeleteAsync(new Uri($"api/chat/{TurnId}", UriKind.Relative));

        Assert.True(stopped.IsSuccessStatusCode);
        Assert.Equal("CANCELLED", (await NextAsync(started, "error")).Text("code"));
    }

    [Fact]
    public async Task Instance_says_that_the_store_is_well()
    {
        await using var instance = await StartAsync("first");

        var health = await instance.Http.GetStringAsync(new Uri("api/health", UriKind.Relative));

        Assert.Contains("\"storage\":\"ok\"", health, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_that_waits_for_an_approval_outlives_the_instance_that_parked_it()
    {
        _upstream.Answers(answer => answer.ToolCall("a", "execute_javascript", """{"code":"6*7"}""").Ends("tool_calls")).Says("It is 42.");
        await using var first = await StartAsync("first", ("FuncChat__Approvals__Always", "execute_javascript"));
        await using var started = await TurnStream.PostAsync(first.Http, Body.Replace("\"turn_id\"", "\"tools\":[\"execute_javascript\"],\"turn_id\"", StringComparison.Ordinal));
        var parked = await started.ToEndAsync();
        Assert.Equal("parked", parked[^1].Name);

        // Nothing runs and no lease is held: there is no lease to end.
        await first.KillAsync();
        await using var second = await StartAsync("second", ("FuncChat__Approvals__Always", "execute_javascript"));
        using var approved = await second.Http.PostAsync(
            $"api/turns/{TurnId}/signals", new StringContent("""{"type":"approve","request_id":"req_1"}""", System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(System.Net.HttpStatusCode.OK, approved.StatusCode);
        await using var followed = await TurnStream.FollowAsync(second.Http, TurnId, parked[^1].Id);
        var rest = await followed.ToEndAsync();
        Assert.Equal(("request_answered", "complete"), (rest[0].Name, rest[^1].Name));
        Assert.Contains("42", rest.Single(each => each.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
    }

    private static async Task<SseEvent> NextAsync(TurnStream stream, string name)
    {
        while (await stream.NextAsync() is { } next)
        {
            if (next.Name == name)
                return next;
        }

        throw new InvalidOperationException($"The stream ended without an event '{name}'.");
    }

    private Task<LocalProcess> StartAsync(string name, params (string Name, string Value)[] settings) => LocalProcess.StartAsync(
        Directory.CreateDirectory(Path.Combine(_folders.Path, name)).FullName,
        [
            ("FuncChat__TurnLog__ConnectionString", azurite.ConnectionString),
            ("FuncChat__TurnLog__Container", _container),
            ("OPENAI_API_KEY", "key"),
            ("OPENAI_API_URL", _upstream.BaseUrl),
            ("OPENAI_MODELS", "scripted"),
            .. settings,
        ]);

    // The killed writer's lease would expire within seconds.
    private async Task EndLeaseAsync()
    {
        var container = azurite.Container(_container);
        var blob = await container.GetBlobsAsync().SingleAsync(blob => blob.Name.EndsWith(".log", StringComparison.Ordinal));
        await container.GetAppendBlobClient(blob.Name).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
    }
}
