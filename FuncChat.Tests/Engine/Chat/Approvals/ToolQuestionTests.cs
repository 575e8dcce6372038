using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Chat.Approvals;

/// <summary>Questions of tools to the person, with a write-through store and a write-behind store.</summary>
public abstract class ToolQuestionTests(bool writeBehind) : IDisposable
{
    private readonly ApprovalBench _bench = new(writeBehind);

    private FakeModel Model => _bench.Model;

    public void Dispose()
    {
        _bench.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(ApprovalBench.Book)]
    [InlineData(ApprovalBench.BookLong)]
    public async Task Tool_that_asks_the_person_runs_again_with_each_answer_a_day_later_too_and_repeats_no_step(string tool)
    {
        Model.Calls(("a", tool, "{}")).Says("Booked.");

        var parked = await _bench.ParkAsync();

        Assert.Equal(("input_request", "a", "Which hotel?"), (parked[^2].Name, parked[^2].Text("call_id"), parked[^2].Text("message")));
        Assert.Equal("object", parked[^2].Data.GetProperty("schema").GetProperty("type").GetString());
        var asked = await _bench.AnswerAsync(Answer("req_1", """{"name":"Sea"}"""), _bench.Instance(TimeSpan.FromHours(23)));
        Assert.Equal("For whom?", asked.Single(each => each.Name == "input_request").Text("message"));
        var rest = await _bench.AnswerAsync(Answer("req_2", """{"name":"Bo"}"""));
        Assert.Equal("Sea, for Bo", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(["searched"], _bench.Sent);
    }

    [Fact]
    public async Task Question_that_the_person_declines_is_answered_by_nothing()
    {
        Model.Calls(("a", ApprovalBench.Book, "{}")).Says("Booked.");
        await _bench.ParkAsync();

        await _bench.AnswerAsync(ApprovalBench.Signal(SignalType.Deny));
        var rest = await _bench.AnswerAsync(ApprovalBench.Signal(SignalType.Deny, "req_2"));

        Assert.Equal("any, for no guest", rest.Single(each => each.Name == "tool_call_result").Text("content"));
    }

    [Theory]
    [InlineData("""{"name":7}""")]
    [InlineData("""{}""")]
    [InlineData(null)]
    public async Task Answer_that_does_not_match_the_schema_is_refused_and_the_question_stays_open(string? content)
    {
        Model.Calls(("a", ApprovalBench.Book, "{}"));
        await _bench.ParkAsync();

        var (error, _) = await _bench.SendAsync(Answer("req_1", content));

        Assert.Equal((ErrorCode.InvalidRequest, "$.content"), (error?.Code, error?.Path));
        Assert.Equal("input_request", (await _bench.AnswerAsync(Answer("req_1", """{"name":"Sea"}""")))[^2].Name);
    }

    private static TurnSignal Answer(string requestId, string? content) => ApprovalBench.Signal(
        SignalType.Answer, requestId, new RequestAnswer { Content = content is null ? null : new RawJson(System.Text.Encoding.UTF8.GetBytes(content)) });
}

public sealed class ToolQuestionInFilesTests() : ToolQuestionTests(writeBehind: false);

public sealed class ToolQuestionWriteBehindTests() : ToolQuestionTests(writeBehind: true);
