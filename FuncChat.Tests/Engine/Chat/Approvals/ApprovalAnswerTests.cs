using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Chat.Approvals;

/// <summary>Which answers to the requests of a turn count, with a write-through store and a write-behind store.</summary>
public abstract class ApprovalAnswerTests(bool writeBehind) : IDisposable
{
    private readonly ApprovalBench _bench = new(writeBehind);

    private FakeModel Model => _bench.Model;

    public void Dispose()
    {
        _bench.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task First_answer_counts_the_same_again_succeeds_and_another_is_a_conflict()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Says("Sent.");
        await _bench.ParkAsync();
        await _bench.AnswerAsync(ApprovalBench.Approve());

        Assert.Null((await _bench.SendAsync(ApprovalBench.Approve())).Error);
        Assert.Equal(ErrorCode.Conflict, (await _bench.SendAsync(ApprovalBench.Signal(SignalType.Deny))).Error?.Code);
        Assert.Equal(ErrorCode.Conflict, (await _bench.SendAsync(ApprovalBench.Approve() with { By = "bo" })).Error?.Code);
        Assert.Equal(["bo"], _bench.Sent);
    }

    [Fact]
    public async Task One_of_two_answers_at_once_on_two_instances_counts()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Otherwise(_ => [FakeModel.Text("Done."), FakeModel.Finish()]);
        await _bench.ParkAsync();
        var second = _bench.Instance();

        var answers = await Task.WhenAll(
            Task.Run(() => _bench.SendAsync(ApprovalBench.Approve())), Task.Run(() => _bench.SendAsync(ApprovalBench.Signal(SignalType.Deny), second)));
        await Task.WhenAll(answers.Select(answer => answer.Completion));

        var events = await FollowToEndAsync();
        var counted = Assert.Single(events, each => each.Name == "request_answered").Text("type");
        Assert.Equal([counted == "approve" ? null : ErrorCode.Conflict, counted == "deny" ? null : ErrorCode.Conflict], answers.Select(answer => answer.Error?.Code));
        Assert.Equal(counted == "approve" ? 1 : 0, _bench.Sent.Count);
        Assert.Equal("complete", events[^1].Name);
    }

    [Fact]
    public async Task Ten_parallel_approvals_are_all_carried_out_once()
    {
        Model.Calls([.. Enumerable.Range(1, 10).Select(n => ($"c{n}", ApprovalBench.Send, $$"""{"to":"p{{n}}"}"""))]).Says("Sent.");
        var parked = await _bench.ParkAsync();
        Assert.Equal(10, parked[^1].Data.GetProperty("waiting").GetArrayLength());
        var second = _bench.Instance();

        var answers = await Task.WhenAll(Enumerable.Range(1, 10).Select(n =>
            Task.Run(() => _bench.SendAsync(ApprovalBench.Approve($"req_{n}"), n % 2 == 0 ? second : _bench.First))));
        await Task.WhenAll(answers.Select(answer => answer.Completion));

        Assert.All(answers, answer => Assert.Null(answer.Error));
        var events = await FollowToEndAsync();
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(10, events.Count(each => each.Name == "request_answered"));
        Assert.Equal(Enumerable.Range(1, 10).Select(n => $"p{n}").Order(), _bench.Sent.Order());
    }

    [Fact]
    public async Task Turn_with_several_requests_is_parked_until_the_last_is_answered()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}"""), ("b", ApprovalBench.Send, """{"to":"cy"}""")).Says("Sent.");
        await _bench.ParkAsync();

        var half = await _bench.AnswerAsync(ApprovalBench.Approve("req_2"));

        Assert.Equal(("parked", """["req_1"]"""), (half[^1].Name, half[^1].Text("waiting")));
        Assert.Equal(["cy"], _bench.Sent);
        Assert.Equal("complete", (await _bench.AnswerAsync(ApprovalBench.Approve("req_1")))[^1].Name);
    }

    [Fact]
    public async Task Turn_is_not_parked_between_answers_that_are_sent_together_and_one_that_comes_too_late_keeps_no_other_from_counting()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}"""), ("b", ApprovalBench.Send, """{"to":"cy"}"""), ("c", ApprovalBench.Send, """{"to":"di"}""")).Says("Sent.");
        await _bench.ParkAsync();
        await _bench.AnswerAsync(ApprovalBench.Signal(SignalType.Deny, "req_2"));
        var before = (await _bench.EventsAsync()).Count;

        var (error, completion) = await _bench.First.Turns.SignalAsync(
            TurnBench.Key("turn-0001"),
            [.. new[] { "req_1", "req_2", "req_3" }.Select(id => ApprovalBench.Approve(id) with { At = _bench.First.Time.GetUtcNow() })],
            continues: true, CancellationToken.None);
        await completion;

        Assert.Equal(ErrorCode.Conflict, error?.Code);
        var rest = (await _bench.EventsAsync()).Skip(before).ToList();
        Assert.DoesNotContain(rest, each => each.Name == "parked");
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(["bo", "di"], _bench.Sent.Order());
    }

    [Fact]
    public async Task Answer_that_arrives_while_another_call_runs_is_not_lost()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}"""), ("b", ApprovalBench.Gated, "{}")).Says("Sent.");
        await using var reader = await _bench.First.StartAsync(ApprovalBench.Request);
        await _bench.Running.WaitAsync();

        var (error, completion) = await _bench.SendAsync(ApprovalBench.Approve());
        _bench.Go.Set();

        Assert.Null(error);
        await completion;
        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
        Assert.DoesNotContain(reader.Events, each => each.Name == "parked");
    }

    [Fact]
    public async Task Changed_arguments_that_do_not_match_the_schema_are_refused_and_the_request_stays_open()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Says("Sent.");
        await _bench.ParkAsync();

        var (error, _) = await _bench.SendAsync(ApprovalBench.Signal(SignalType.Approve, answer: new RequestAnswer { Arguments = """{"to":7}""" }));

        Assert.Equal((ErrorCode.InvalidRequest, "$.arguments"), (error?.Code, error?.Path));
        Assert.Equal("complete", (await _bench.AnswerAsync(ApprovalBench.Approve()))[^1].Name);
    }

    [Fact]
    public async Task Request_that_the_turn_does_not_have_and_another_users_turn_are_not_found()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}"""));
        await _bench.ParkAsync();

        Assert.Equal(ErrorCode.NotFound, (await _bench.SendAsync(ApprovalBench.Approve("req_2"))).Error?.Code);
        var (error, _) = await _bench.First.Turns.SignalAsync(new TurnKey("bo", "turn-0001"), ApprovalBench.Approve(), CancellationToken.None);
        Assert.Equal(ErrorCode.NotFound, error?.Code);
    }

    [Fact]
    public async Task Answer_of_another_kind_than_the_request_is_refused()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}"""));
        await _bench.ParkAsync();

        var (error, _) = await _bench.SendAsync(ApprovalBench.Signal(SignalType.Answer, answer: new RequestAnswer { Content = new RawJson("{}"u8.ToArray()) }));

        Assert.Equal((ErrorCode.InvalidRequest, "$.type"), (error?.Code, error?.Path));
    }

    private async Task<IReadOnlyList<SseEvent>> FollowToEndAsync()
    {
        await _bench.First.QuietAsync();
        await using var reader = await _bench.First.FollowAsync();
        return await reader.EventsToEndAsync();
    }
}

public sealed class ApprovalAnswerInFilesTests() : ApprovalAnswerTests(writeBehind: false);

public sealed class ApprovalAnswerWriteBehindTests() : ApprovalAnswerTests(writeBehind: true);
