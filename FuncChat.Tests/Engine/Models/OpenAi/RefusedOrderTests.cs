using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>Models whose chat templates take messages in one order of roles only.</summary>
public sealed class RefusedOrderTests
{
    private const string System = """{"role":"system","content":"S"}""";
    private const string Developer = """{"role":"developer","content":[{"type":"text","text":"D"}]}""";
    private const string User = """{"role":"user","content":"a"}""";
    private const string Answer = """{"role":"assistant","content":"b"}""";
    private const string Text = """{"type":"text","text":"one"}""";
    private const string Image = """{"type":"image_url","image_url":{"url":"https://x.example/y.png"}}""";
    private const string Calls = """{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}""";
    private const string Result = """{"role":"tool","tool_call_id":"a","content":"1"}""";

    [Theory]
    [InlineData(400, "Conversation roles must alternate user/assistant/user/assistant/...")]
    [InlineData(500, "Error rendering prompt with jinja template: Conversation roles must alternate user/assistant/user/assistant/...")]
    [InlineData(400, "After the (optional) system message(s), user or tool message(s) should alternate with assistant message(s).")]
    [InlineData(400, "After the optional system message, conversation roles must alternate user/assistant/user/assistant/...")]
    [InlineData(400, "messages: roles must alternate between \\\"user\\\" and \\\"assistant\\\", but found multiple \\\"user\\\" roles in a row")]
    [InlineData(422, "Unexpected role 'user' after role 'user'")]
    [InlineData(400, "A conversation must start with a user message.")]
    [InlineData(400, "User and assistant messages must alternate.")]
    [InlineData(400, "deepseek-reasoner does not support successive user or assistant messages (messages[1] and messages[2] in your input).")]
    [InlineData(400, "Please ensure that multiturn requests alternate between user and model.")]
    [InlineData(422, "messages: two messages with the same role follow each other")]
    [InlineData(400, "conversation roles must alternate user/assistant; found tokens <s>[INST] in a row")]
    [InlineData(400, "Chat template failed for the file tokenizer_config.json: the conversation must alternate")]
    [InlineData(400, "Two consecutive messages of the user are against the policy of this model.")]
    [InlineData(400, "Too many messages of the user in a row.")]
    public async Task Messages_of_the_user_in_a_row_are_sent_as_one_where_roles_must_alternate(int status, string refusal)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Otherwise(request => Alternates(request) ? new ScriptedAnswer().Text("a").Ends() : Refusal(status, refusal));
        var request = Of(System, User, """{"role":"assistant","content":""}""", User, Answer, User);

        await harness.AskAsync(request);
        await harness.AskAsync(request);

        Assert.Equal([false, true, true], harness.Upstream.Requests.Select(Alternates));
        Assert.Equal("""[{"role":"system","content":"S"},{"role":"user","content":"a\n\na"},{"role":"assistant","content":"b"},{"role":"user","content":"a"}]""", Messages(harness));
    }

    [Fact]
    public async Task Refusal_in_the_stream_is_learned_as_well()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Event("""{"error":{"message":"Error rendering prompt with jinja template: Conversation roles must alternate"}}""")).Says("a");

        await harness.AskAsync(Of(User, User));

        Assert.Equal("""[{"role":"user","content":"a\n\na"}]""", Messages(harness));
    }

    [Fact]
    public async Task Parts_of_messages_that_are_sent_as_one_follow_each_other()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, Error("roles must alternate")).Says("a");

        await harness.AskAsync(Of(User, $$"""{"role":"user","content":[{"type":"text","text":"See"},{{Image}}]}"""));

        Assert.Equal($$"""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"See"},{{Image}}]}]""", Messages(harness));
    }

    [Fact]
    public async Task Answer_at_the_beginning_and_results_before_the_user_are_set_apart_where_roles_must_alternate()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, Error("roles must alternate")).Says("a");

        await harness.AskAsync(Of(Answer, Answer, User, Calls, Result, User, System));

        Assert.Equal(
            ["system S", "user .", "assistant b\n\nb", "user a", "assistant ", "tool 1", "assistant (no answer)", "user a"],
            harness.Upstream.Requests[^1].Body.GetProperty("messages").EnumerateArray().Select(message => $"{message.GetProperty("role")} {message.GetProperty("content")}"));
    }

    [Theory]
    [InlineData("System message must be at the beginning.")]
    [InlineData("system role must be first")]
    [InlineData("Only one system message is allowed.")]
    [InlineData("chat content has multiple system messages")]
    [InlineData("Unexpected role 'system' after role 'user'")]
    [InlineData("System messages are only allowed at the start.")]
    [InlineData("Only the first message can be a system message.")]
    [InlineData("messages with role 'system' must be at the beginning")]
    [InlineData("Role 'system' must be the first message")]
    [InlineData("too many system messages")]
    [InlineData("System messages after images are not supported.")]
    public async Task Instructions_are_one_message_at_the_beginning_where_the_provider_wants_them_there(string refusal)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, Error(refusal)).Says("a").Says("b");

        await harness.AskAsync(Of(System, User, Answer, Developer, User));
        var repeated = Messages(harness);
        await harness.AskAsync(Of(System, User, Answer, Developer, User));

        Assert.Equal("""[{"role":"system","content":"S\n\nD"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"a"}]""", repeated);
        Assert.Equal(repeated, Messages(harness));
        Assert.Equal(3, harness.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("Conversation roles must alternate")]
    [InlineData("System message must be at the beginning.")]
    public async Task Refusal_of_messages_that_are_in_order_is_reported(string refusal)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, Error(refusal));

        await Assert.ThrowsAsync<ModelException>(() => harness.AskAsync(Of(System, User, Answer, User)));

        Assert.Single(harness.Upstream.Requests);
    }

    /// <summary>What is learned holds for all later requests.</summary>
    [Theory]
    [InlineData(400, "Messages too long. Try an alternative model.", 2)]
    [InlineData(400, "The IAM role of this model is wrong.", 3)]
    [InlineData(400, "A system prompt may have at most 4096 characters.", 4)]
    [InlineData(422, "Field required", 2)]
    [InlineData(400, "The API key is not valid.", 2)]
    [InlineData(400, "The messages exceed the model's maximum context length.", 2)]
    [InlineData(400, "Too many consecutive messages today.", 3)]
    [InlineData(400, "Your prompt was flagged by our safety system.", 2)]
    [InlineData(400, "The message of the role 'user' was flagged.", 2)]
    [InlineData(400, "Your system prompt has too many tokens.", 2)]
    [InlineData(400, "Too many images in the messages.", 2)]
    public async Task Order_that_does_not_help_is_not_kept(int status, string refusal, int requests)
    {
        await using var harness = await ModelHarness.StartAsync();
        var request = Of(System, User, User, System);
        harness.Upstream.Otherwise(_ => Refusal(status, refusal));

        var failure = await Assert.ThrowsAsync<ModelException>(() => harness.AskAsync(request));
        harness.Upstream.Otherwise(_ => new ScriptedAnswer().Text("a").Ends());
        await harness.AskAsync(request);

        Assert.Equal(requests, harness.Upstream.Requests.Count);
        Assert.Equal($"[{System},{User},{User},{System}]", Messages(harness));
        Assert.True(failure.Error.Code is ErrorCode.ConfigurationError || failure.Error.Message.Contains(refusal.TrimEnd('.'), StringComparison.Ordinal), failure.Error.Message);
    }

    [Theory]
    [InlineData("""{"error":{"message":"The system failed to start the model worker."}}""")]
    [InlineData("""{"error":{"message":"Provider returned error"}}""")]
    public async Task Failure_that_may_be_over_changes_no_order(string error)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(500, error).Says("a").Says("b");

        await Record.ExceptionAsync(() => harness.AskAsync(Of(User, User, System)));
        await harness.AskAsync(Of(User, User, System));

        Assert.Equal($"[{User},{User},{System}]", Messages(harness));
    }

    [Fact]
    public async Task Refusal_of_a_changed_order_reports_the_first_one()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, Error("The first message is too polite.")).Fails(400, Error("The second message is too short."));

        var failure = await Assert.ThrowsAsync<ModelException>(() => harness.AskAsync(Of(User, User)));

        Assert.Equal(2, harness.Upstream.Requests.Count);
        Assert.Contains("too polite", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_orders_are_changed_where_one_is_not_enough()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Otherwise(request => Alternates(request) ? new ScriptedAnswer().Text("a").Ends() : Refusal(400, "After the system message, roles must alternate."));

        await harness.AskAsync(Of(System, User, User, System));

        Assert.Equal("""[{"role":"system","content":"S\n\nS"},{"role":"user","content":"a\n\na"}]""", Messages(harness));
        Assert.Equal(3, harness.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Template_that_keeps_failing_is_retried_in_the_order_that_was_sent()
    {
        var clock = new WatchedClock();
        await using var harness = await ModelHarness.StartAsync(clock, endpoint => endpoint with { MaxRetries = 1 });
        harness.Upstream.Otherwise(_ => Refusal(500, "Jinja Exception: out of memory"));

        var call = harness.AskAsync(Of(User, User));
        await clock.PassWaitAsync(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<ModelException>(() => call);

        Assert.Equal([2, 1, 2], harness.Upstream.Requests.Select(request => request.Body.GetProperty("messages").GetArrayLength()));
    }

    [Fact]
    public async Task Instructions_at_the_beginning_are_one_message_at_once()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("a");

        await harness.AskAsync(Of(System, Developer, System, User));

        Assert.Equal("""[{"role":"system","content":"S\n\nD\n\nS"},{"role":"user","content":"a"}]""", Messages(harness));
    }

    [Fact]
    public async Task Instructions_with_a_name_stay_apart()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("a");
        const string Named = """{"role":"system","content":"E","name":"example_user"}""";

        await harness.AskAsync(Of(System, Named, User));

        Assert.Equal($"[{System},{Named},{User}]", Messages(harness));
    }

    [Theory]
    [InlineData("""[{"type":"text","text":"one"}]""", "\"one\"")]
    [InlineData("""[{"type":"text","text":"one"},{"type":"text","text":"\"two\" é"}]""", "\"one\\n\\\"two\\\" é\"")]
    [InlineData("""[{"type":"text","text":"one","cache_control":{"type":"ephemeral"}}]""", """[{"type":"text","text":"one","cache_control":{"type":"ephemeral"}}]""")]
    [InlineData($"""[{Text},{Image}]""", $"""[{Text},{Image}]""")]
    [InlineData("[]", "[]")]
    public async Task Content_that_is_text_only_is_sent_as_a_string(string content, string sent)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("a");

        await harness.AskAsync(Of($$"""{"role":"system","content":{{content}}}""", $$"""{"role":"user","content":{{content}}}"""));

        Assert.Equal($$"""[{"role":"system","content":{{sent}}},{"role":"user","content":{{sent}}}]""", Messages(harness));
    }

    private static ModelRequest Of(params string[] messages) =>
        ModelHarness.Request with { Messages = [.. messages.Select(message => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(message))] };

    private static string Messages(ModelHarness harness) => harness.Upstream.Requests[^1].Body.GetProperty("messages").GetRawText();

    private static string Error(string message) => JsonSerializer.Serialize(new { error = new { message } });

    private static ScriptedAnswer Refusal(int status, string message) => new ScriptedAnswer().Respond(status, Error(message));

    private static bool Alternates(ScriptedRequest request)
    {
        var roles = request.Body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()).SkipWhile(role => role == "system").ToList();
        return roles.Select((role, place) => role == (place % 2 == 0 ? "user" : "assistant")).All(isRight => isRight);
    }
}
