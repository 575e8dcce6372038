using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Chat.Approvals;

/// <summary>Approvals of tool calls, with a write-through store and a write-behind store.</summary>
public abstract class ApprovalTests(bool writeBehind) : IDisposable
{
    private readonly ApprovalBench _bench = new(writeBehind);

    private FakeModel Model => _bench.Model;

    public void Dispose()
    {
        _bench.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Call_of_a_tool_that_changes_something_waits_and_runs_once_approved()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Says("Sent.");

        var parked = await _bench.ParkAsync();

        var asked = parked[^2];
        Assert.Equal(("approval_request", "req_1", "a", ApprovalBench.Send, """{"to":"bo"}"""), (asked.Name, asked.Text("id"), asked.Text("call_id"), asked.Text("name"), asked.Text("arguments")));
        Assert.Equal(("This tool may delete or overwrite something.", "deletes"), (asked.Text("reason"), asked.Text("reason_code")));
        Assert.Equal("""["req_1"]""", parked[^1].Text("waiting"));
        Assert.Empty(_bench.Sent);
        var rest = await _bench.AnswerAsync(ApprovalBench.Approve());
        Assert.Equal(["request_answered", "tool_call_start"], rest.Take(2).Select(each => each.Name));
        Assert.Equal(("approve", TurnBench.User), (rest[0].Text("type"), rest[0].Text("by")));
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(["bo"], _bench.Sent);
        Assert.True(rest[0].Id > parked[^1].Id);
    }

    [Fact]
    public async Task Call_of_a_tool_that_reads_needs_no_approval_and_runs_while_another_waits()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}"""), ("b", ApprovalBench.Read, "{}")).Says("Sent.");

        var parked = await _bench.ParkAsync();

        Assert.Equal("b", Assert.Single(parked, each => each.Name == "tool_call_result").Text("id"));
        Assert.True(parked.Single(each => each.Name == "approval_request").Id < parked.Single(each => each.Name == "tool_call_result").Id);
        Assert.Equal("complete", (await _bench.AnswerAsync(ApprovalBench.Approve()))[^1].Name);
    }

    [Fact]
    public async Task Reason_of_a_denial_is_read_by_the_model()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Says("All right.");
        await _bench.ParkAsync();

        var rest = await _bench.AnswerAsync(ApprovalBench.Signal(SignalType.Deny, answer: new RequestAnswer { Reason = "Ask Cy instead." }));

        Assert.Equal(["request_answered", "tool_call_result"], rest.Take(2).Select(each => each.Name));
        Assert.Contains("Ask Cy instead.", System.Text.Encoding.UTF8.GetString(Model.Requests[1].Messages[^1].Span), StringComparison.Ordinal);
        Assert.Empty(_bench.Sent);
        Assert.Equal("complete", rest[^1].Name);
    }

    [Fact]
    public async Task Address_that_a_person_approved_is_read_though_no_message_names_it()
    {
        Model.Calls(("a", ApprovalBench.Page, """{"url":"https://start.test/"}"""))
            .Calls(("b", ApprovalBench.Page, """{"url":"https://good.test/"}"""))
            .Says("Read.");
        await _bench.ParkAsync(TurnBench.Request(ApprovalBench.Page));
        await _bench.AnswerAsync(ApprovalBench.Approve());

        var rest = await _bench.AnswerAsync(ApprovalBench.Signal(
            SignalType.Approve, "req_2", new RequestAnswer { Arguments = """{"url":"https://other.test/"}""" }));

        Assert.Equal(["https://start.test/", "https://other.test/"], _bench.Sent);
        Assert.Equal("complete", rest[^1].Name);
    }

    [Fact]
    public async Task Call_runs_with_the_arguments_that_the_person_changed_and_the_model_learns_it()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Says("Sent.");
        await _bench.ParkAsync();

        var rest = await _bench.AnswerAsync(ApprovalBench.Signal(SignalType.Approve, answer: new RequestAnswer { Arguments = """{"to":"cy"}""" }));

        Assert.Equal(["cy"], _bench.Sent);
        Assert.Equal("""{"to":"cy"}""", rest.Single(each => each.Name == "tool_call_start").Text("arguments"));
        Assert.Contains("sent to cy", rest.Single(each => each.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
        Assert.Contains("other arguments", rest.Single(each => each.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_a_day_later_on_another_instance_continues_the_turn_and_its_time()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Says("Sent.");
        await _bench.ParkAsync();
        var second = _bench.Instance(TimeSpan.FromHours(23.9));

        var rest = await _bench.AnswerAsync(ApprovalBench.Approve(), second);

        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(["bo"], _bench.Sent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(29)]
    [InlineData(360)]
    public async Task Request_that_expired_counts_as_denied_when_the_turn_is_followed_next(int secondsAfterExpiry)
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Says("It expired.");
        var parked = await _bench.ParkAsync();
        var second = _bench.Instance(new TimeSpan(24, 0, secondsAfterExpiry));

        Assert.Equal(ErrorCode.Conflict, (await _bench.SendAsync(ApprovalBench.Approve(), second)).Error?.Code);
        await using var reader = await second.FollowAsync(after: parked[^1].Id);
        var events = await reader.EventsToEndAsync();

        Assert.Equal(("expired", "server"), (events.Single(each => each.Name == "request_answered").Text("type"), events.Single(each => each.Name == "request_answered").Text("by")));
        Assert.Equal("complete", events[^1].Name);
        Assert.Empty(_bench.Sent);
        Assert.Equal(ErrorCode.Conflict, (await _bench.SendAsync(ApprovalBench.Approve(), second)).Error?.Code);
    }

    [Fact]
    public async Task Following_a_parked_turn_reads_to_its_end_and_runs_nothing()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}"""), ("b", ApprovalBench.Send, """{"to":"cy"}""")).Says("Sent.");
        await _bench.ParkAsync();
        await _bench.AnswerAsync(ApprovalBench.Approve());
        var before = await _bench.EventsAsync();

        await using var reader = await _bench.Instance().FollowAsync();

        Assert.Equal(SseEvent.Join(before), SseEvent.Join(await reader.EventsToEndAsync()));
        Assert.Equal("parked", before[^1].Name);
    }

    [Fact]
    public async Task Turn_whose_answer_was_stored_by_an_instance_that_died_continues_when_it_is_followed()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Says("Sent.");
        await _bench.ParkAsync();
        var signals = (ITurnSignals)_bench.First.Log;
        await signals.SendAsync(TurnBench.Key("turn-0001"), ApprovalBench.Approve(), CancellationToken.None);

        await using var reader = await _bench.Instance().FollowAsync();

        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
        Assert.Equal(["bo"], _bench.Sent);
    }

    [Fact]
    public async Task Stop_ends_a_parked_turn_and_its_requests_can_no_longer_be_answered()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}"""));
        await _bench.ParkAsync();
        var second = _bench.Instance();

        Assert.Null(await second.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None));

        Assert.Equal("CANCELLED", (await _bench.EventsAsync())[^1].Text("code"));
        Assert.Equal(ErrorCode.Conflict, (await _bench.SendAsync(ApprovalBench.Approve())).Error?.Code);
        Assert.Empty(_bench.Sent);
    }

    [Fact]
    public async Task Approval_for_always_holds_for_later_calls_of_the_tool_in_the_turn()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Calls(("b", ApprovalBench.Send, """{"to":"cy"}""")).Says("Sent.");
        var parked = await _bench.ParkAsync();
        Assert.Equal("True", parked[^2].Text("allows_always"));

        var rest = await _bench.AnswerAsync(ApprovalBench.Signal(SignalType.Approve, answer: new RequestAnswer { Always = true }));

        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(["bo", "cy"], _bench.Sent);
    }

    [Theory]
    [InlineData(null, "parked", "[\"req_4\"]")]
    [InlineData("boss", "complete", null)]
    public async Task Later_calls_need_an_approval_again_when_their_user_approved_all_and_others_are_approvers_since(string? approver, string last, string? waiting)
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Calls(("b", ApprovalBench.Book, "{}")).Calls(("c", ApprovalBench.Send, """{"to":"cy"}""")).Says("Sent.");
        await _bench.ParkAsync();
        await _bench.AnswerAsync(ApprovalBench.Signal(SignalType.Approve, answer: new RequestAnswer { Always = true }, by: approver ?? TurnBench.User));
        var restarted = _bench.Instance(approvals: options => options.Approvers = ["Approvers"]);

        await _bench.AnswerAsync(ApprovalBench.Signal(SignalType.Deny, "req_2"), restarted);

        var rest = await _bench.AnswerAsync(ApprovalBench.Signal(SignalType.Deny, "req_3"), restarted);

        Assert.Equal((last, waiting), (rest[^1].Name, rest[^1].Text("waiting")));
    }

    [Fact]
    public async Task Later_calls_need_no_approval_when_an_approver_approved_all_in_a_turn_of_their_own()
    {
        using var bench = new ApprovalBench(writeBehind: false, options => options.Approvers = ["Approvers"]);
        bench.Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Calls(("b", ApprovalBench.Send, """{"to":"cy"}""")).Says("Sent.");
        await bench.ParkAsync();

        var rest = await bench.AnswerAsync(ApprovalBench.Signal(SignalType.Approve, answer: new RequestAnswer { Always = true }));

        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(["bo", "cy"], bench.Sent);
    }

    [Fact]
    public async Task Tool_that_is_approved_for_the_chat_needs_no_approval()
    {
        Model.Calls(("a", ApprovalBench.Send, """{"to":"bo"}""")).Says("Sent.");

        await using var reader = await _bench.First.StartAsync(ApprovalBench.Request with { ApprovedTools = ["send_*"] });

        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
        Assert.Equal(["bo"], _bench.Sent);
    }
}

public sealed class ApprovalInFilesTests() : ApprovalTests(writeBehind: false);

public sealed class ApprovalWriteBehindTests() : ApprovalTests(writeBehind: true);
