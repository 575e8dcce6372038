using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Telemetry;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Telemetry;

public sealed class EngineMetricsTests : IDisposable
{
    private readonly RecordedMetrics _metrics = new();
    private readonly EngineTelemetry _telemetry;
    private readonly TurnBench _bench;

    public EngineMetricsTests()
    {
        _telemetry = new EngineTelemetry(_metrics.Meters);
        _bench = new TurnBench(telemetry: _telemetry);
    }

    [Fact]
    public async Task Model_call_is_measured_with_its_tokens_and_its_time_to_the_first_chunk()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using var reader = await _bench.StartAsync();
        await feed.Called.WaitAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        feed.Give(FakeModel.Text("Hi"));
        await reader.UntilAsync("Hi");
        _bench.Time.Advance(TimeSpan.FromSeconds(3));
        feed.End();
        await reader.EventsToEndAsync();
        await _bench.QuietAsync();

        var first = Assert.Single(_metrics.Of("gen_ai.client.operation.time_to_first_chunk"));
        var duration = Assert.Single(_metrics.Of("gen_ai.client.operation.duration"));
        Assert.Equal((2, 5), (first.Value, duration.Value));
        Assert.Equal(("chat", "fake", "model"), (first.Tags["gen_ai.operation.name"], first.Tags["gen_ai.provider.name"], first.Tags["gen_ai.request.model"]));
        Assert.False(duration.Tags.ContainsKey("error.type"));
        Assert.Equal([(10d, (object?)"input"), (5d, "output")], _metrics.Of("gen_ai.client.token.usage").Select(usage => (usage.Value, usage.Tags["gen_ai.token.type"])));
    }

    [Fact]
    public async Task Names_of_models_that_callers_or_providers_make_up_are_no_labels()
    {
        var model = new FakeModel();
        var catalog = new ModelCatalog([new ModelProvider(new ProviderModels("fake", ["model"], TakesAny: true), model, name => name)]);
        using var bench = new TurnBench(telemetry: _telemetry, model: model, models: catalog);
        for (var call = 0; call < 300; call++)
        {
            model.Answers(ModelChunk.OfFinish(FinishReason.Stop, $"answers-{call}")).Answers(ModelChunk.OfFinish(FinishReason.Stop, $"answers-made-up-{call}"));
            await EndAsync(bench, $"turn-listed-{call}", FakeModel.Name);
            await EndAsync(bench, $"turn-made-up-{call}", $"fake:made-up-{call}");
        }

        var tags = _metrics.Of("gen_ai.client.operation.duration").Select(duration => duration.Tags).ToList();
        Assert.Equal(600, tags.Count);
        Assert.Equal(["_OTHER", "model"], tags.Select(each => (string)each["gen_ai.request.model"]!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(200, tags.Select(each => each.GetValueOrDefault("gen_ai.response.model")).OfType<string>().Distinct().Count());
        Assert.DoesNotContain(tags, each => each.GetValueOrDefault("gen_ai.response.model") is string name && name.StartsWith("answers-made-up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failed_model_call_is_measured_with_its_error()
    {
        _bench.Model.Fails(new AppError(ErrorCode.UpstreamError, "No."));

        await RunAsync();

        Assert.Equal("UPSTREAM_ERROR", Assert.Single(_metrics.Of("gen_ai.client.operation.duration")).Tags["error.type"]);
        Assert.Empty(_metrics.Of("gen_ai.client.operation.time_to_first_chunk"));
        Assert.Equal("UPSTREAM_ERROR", Assert.Single(_metrics.Of("funcchat.turn.duration")).Tags["funcchat.turn.outcome"]);
    }

    [Fact]
    public async Task Tool_runs_are_measured_by_name_and_failure()
    {
        _bench.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}"""), ("b", GatedTools.Fails, "{}")).Says("Done.");

        await RunAsync(GatedTools.Echo, GatedTools.Fails);

        Assert.Equal(
            [("Echo", (object?)null), ("Fails", "tool_failed")],
            _metrics.Of("gen_ai.execute_tool.duration").Select(run => ((string)run.Tags["gen_ai.tool.name"]!, run.Tags.GetValueOrDefault("error.type"))).Order());
    }

    [Fact]
    public async Task Turns_and_followers_are_counted_while_they_are_there()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        Assert.Equal((0, 0), (_metrics.Ask("funcchat.turns.live"), _metrics.Ask("funcchat.followers")));
        await using (var reader = await _bench.StartAsync())
        {
            await using var second = await _bench.FollowAsync();

            Assert.Equal((1, 2), (_metrics.Ask("funcchat.turns.live"), _metrics.Ask("funcchat.followers")));

            feed.Give(FakeModel.Text("Hi"));
            feed.End();
            await reader.EventsToEndAsync();
            await second.EventsToEndAsync();
        }

        // Taken out of the count right after it has ended.
        while (_bench.Runtime.Live.All.Count > 0)
            await Task.Yield();
        Assert.Equal((0, 0), (_metrics.Ask("funcchat.turns.live"), _metrics.Ask("funcchat.followers")));
        Assert.Equal(("chat", "success"), (_metrics.Of("funcchat.turn.duration")[0].Tags["funcchat.turn.kind"], _metrics.Of("funcchat.turn.duration")[0].Tags["funcchat.turn.outcome"]));
    }

    [Fact]
    public async Task Every_event_that_is_shown_is_counted_once()
    {
        _bench.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}""")).Says("One ", "two ", "three.");

        var events = await RunAsync(GatedTools.Echo);

        Assert.Equal(events.Count, _metrics.Ask("funcchat.events"));
    }

    [Fact]
    public async Task Bytes_that_wait_for_a_batched_store_are_reported_until_it_has_them()
    {
        var feed = new ModelFeed();
        using var bench = new TurnBench(log: new MemoryTurnStore(new SharedMemory()), telemetry: new EngineTelemetry(_metrics.Meters));
        bench.Model.Plays(feed);
        await using var reader = await bench.StartAsync();
        feed.Give(FakeModel.Text("Waits"));
        await reader.UntilAsync("Waits");

        Assert.Equal(SseEvent.Join(reader.Events.Where(each => each.Name == "delta")).Length, _metrics.Ask("funcchat.log.queue"));

        feed.End();
        await reader.EventsToEndAsync();
        Assert.Equal(0, _metrics.Ask("funcchat.log.queue"));
    }

    [Fact]
    public void Refusal_is_counted_by_its_code_and_limit()
    {
        _telemetry.Refused(new AppError(ErrorCode.RateLimited, "Wait.") { Limit = "requests_per_minute" });

        var refused = Assert.Single(_metrics.Of("funcchat.requests.refused"));
        Assert.Equal((1, "RATE_LIMITED", "requests_per_minute"), (refused.Value, refused.Tags["error.type"], refused.Tags["funcchat.limit"]));
    }

    private static async Task EndAsync(TurnBench bench, string turnId, string model)
    {
        await using var reader = await bench.StartAsync(TurnBench.Request() with { Model = model }, turnId);
        await reader.EventsToEndAsync();
        await bench.QuietAsync();
    }

    public void Dispose()
    {
        _bench.Dispose();
        _metrics.Dispose();
    }

    private async Task<IReadOnlyList<SseEvent>> RunAsync(params string[] tools)
    {
        var events = await _bench.RunAsync(tools);
        await _bench.QuietAsync();
        return events;
    }
}
