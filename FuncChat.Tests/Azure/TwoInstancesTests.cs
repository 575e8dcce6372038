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

    private static async Task<SseEvent> NextAsync(TurnStream stream, string name)
    {
        while (await stream.NextAsync() is { } next)
        {
            if (next.Name == name)
                return next;
        }

        throw new InvalidOperationException($"The stream ended without an event '{name}'.");
    }

    private Task<LocalProcess> StartAsync(string name) => LocalProcess.StartAsync(
        Directory.CreateDirectory(Path.Combine(_folders.Path, name)).FullName,
        ("FuncChat__TurnLog__ConnectionString", azurite.ConnectionString),
        ("FuncChat__TurnLog__Container", _container),
        ("OPENAI_API_KEY", "key"),
        ("OPENAI_API_URL", _upstream.BaseUrl),
        ("OPENAI_MODELS", "scripted"));

    // The killed writer's lease would expire within seconds.
    private async Task EndLeaseAsync()
    {
        var container = azurite.Container(_container);
        var blob = await container.GetBlobsAsync().SingleAsync(blob => blob.Name.EndsWith(".log", StringComparison.Ordinal));
        await container.GetAppendBlobClient(blob.Name).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
    }
}
