using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.OpenAi;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>What of a conversation reaches a provider.</summary>
public sealed class RequestMessageTests
{
    private const string User = """{"role":"user","content":"a"}""";

    [Theory]
    [InlineData("""{"role":"assistant","content":"b","refusal":null,"annotations":[],"audio":null,"function_call":null,"id":"msg_1"}""", """{"role":"assistant","content":"b"}""")]
    [InlineData("""{"role":"assistant","content":"b","reasoning_content":"x","reasoning":"x","reasoning_details":[{}]}""", """{"role":"assistant","content":"b"}""")]
    [InlineData("""{"role":"assistant","content":"b","provider_data":{"provider":"other","model":"m","message":{"reasoning":"x"}}}""", """{"role":"assistant","content":"b"}""")]
    [InlineData("""{"role":"assistant","content":"b","provider_data":{"provider":"p","model":"n","message":{"reasoning":"x"}}}""", """{"role":"assistant","content":"b"}""")]
    [InlineData("""{"role":"assistant","content":"b","provider_data":{"provider":"p","model":"m","message":{"role":"system","content":"x"}}}""", """{"role":"assistant","content":"b"}""")]
    [InlineData("""{"role":"assistant","content":"b","provider_data":7}""", """{"role":"assistant","content":"b"}""")]
    [InlineData("""{"role":"assistant","content":null,"refusal":"No."}""", """{"role":"assistant","content":"No."}""")]
    [InlineData("""{"role":"assistant","content":[{"type":"text","text":"b"},{"type":"refusal","refusal":"No."}]}""", """{"role":"assistant","content":"b\nNo."}""")]
    [InlineData("""{"role":"assistant","content":"b","refusal":"No."}""", """{"role":"assistant","content":"b\nNo."}""")]
    [InlineData("""{"role":"assistant","content":"b No.","refusal":"No."}""", """{"role":"assistant","content":"b No."}""")]
    [InlineData("""{"role":"assistant","content":"b","tool_calls":[]}""", """{"role":"assistant","content":"b"}""")]
    [InlineData("""{"role":"assistant","content":""}""", "")]
    [InlineData("""{"role":"assistant","content":null}""", "")]
    [InlineData("""{"role":"assistant","content":"half \ud83d"}""", """{"role":"assistant","content":"half \ufffd"}""")]
    [InlineData("""{"role":"assistant","content":"\ud83d\ude00 \\ud83d"}""", """{"role":"assistant","content":"\ud83d\ude00 \\ud83d"}""")]
    [InlineData("""{"role":"developer","content":"b"}""", """{"role":"system","content":"b"}""")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}""", """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}""")]
    public void Message_reaches_another_provider_without_what_it_does_not_know(string message, string sent) => Assert.True(
        JsonElement.DeepEquals(JsonElement.Parse(sent.Length > 0 ? $"[{User},{sent},{User}]" : $"[{User},{User}]"), Messages("p", User, message, User)));

    [Theory]
    [InlineData("", "{}")]
    [InlineData("  ", "{}")]
    [InlineData("null", "{}")]
    [InlineData("[1]", "{}")]
    [InlineData("{\"a\":", "{}")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("\"{\\\"a\\\":1}\"", "{\"a\":1}")]
    public void Arguments_reach_a_provider_as_a_json_object(string arguments, string sent) =>
        Assert.Equal(sent, Call("p", "f", arguments).GetProperty("function").GetProperty("arguments").GetString());

    [Theory]
    [InlineData("search_web", "search_web")]
    [InlineData("functions.search_web<|channel|>commentary", "functions_search_web__channel__commentary")]
    [InlineData("", "unnamed_tool")]
    [InlineData("suche nach ä", "suche_nach__")]
    public void Names_reach_a_provider_in_letters_that_apis_accept(string name, string sent) =>
        Assert.Equal(sent, Call("p", name, "{}").GetProperty("function").GetProperty("name").GetString());

    [Theory]
    [InlineData("p", "call_1", "call_1")]
    [InlineData("p", "functions.search:0", null)]
    [InlineData("p", "a very long one: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", null)]
    [InlineData("mistral", "abcDEF123", "abcDEF123")]
    [InlineData("mistral", "call_PTxhu3uwZk4l3n", null)]
    public void Ids_of_calls_and_results_match_in_a_form_that_the_provider_accepts(string provider, string id, string? sent)
    {
        var messages = Messages(provider, User, Calling(id, "f", "{}"), Result(id), User);

        var own = messages[1].GetProperty("tool_calls")[0].GetProperty("id").GetString()!;
        Assert.Equal(own, messages[2].GetProperty("tool_call_id").GetString());
        Assert.Matches(provider == "mistral" ? "^[A-Za-z0-9]{9}$" : "^[A-Za-z0-9_-]{1,40}$", own);
        Assert.Equal(sent ?? own, own);
    }

    [Theory]
    [InlineData("p", "user,assistant,tool,user")]
    [InlineData("mistral", "user,assistant,tool,assistant,user")]
    public void User_message_follows_an_answer_where_the_provider_wants_one_after_results(string provider, string roles)
    {
        var messages = Messages(provider, User, Calling("a", "f", "{}"), Result("a"), """{"role":"assistant","content":""}""", User);

        Assert.Equal(roles, string.Join(',', messages.EnumerateArray().Select(message => message.GetProperty("role").GetString())));
    }

    [Theory]
    [InlineData("mistralai/devstral-small-2", true)]
    [InlineData("Ministral-3-8B", true)]
    [InlineData("qwen3-32b", false)]
    public void Models_of_Mistral_are_known_at_any_server(string model, bool expected)
    {
        var profile = ProviderProfile.OfProvider("openrouter.ai", "openrouter") ?? ProviderProfile.OfModel(model);

        Assert.Equal((expected, expected ? ToolCallIdForm.NineCharacters : ToolCallIdForm.Usual), (profile.AnswersResults, profile.ToolCallIds));
    }

    [Fact]
    public void Reasoning_content_is_sent_empty_where_another_model_called_tools()
    {
        var messages = Messages("deepseek", User, Calling("a", "f", "{}"), Result("a"), """{"role":"assistant","content":"b"}""", User, """{"role":"assistant","content":"c"}""", User);

        Assert.Equal(["", "", null], new[] { 1, 3, 5 }.Select(place =>
            messages[place].TryGetProperty("reasoning_content", out var reasoning) ? reasoning.GetString() : null));
    }

    [Fact]
    public void Answer_at_the_end_is_marked_for_a_provider_that_wants_it_marked() =>
        Assert.True(Messages("mistral", User, """{"role":"assistant","content":"It"}""")[1].GetProperty("prefix").GetBoolean());

    [Theory]
    [InlineData("mistral", "seed", "random_seed")]
    [InlineData("mistral", "user", null)]
    [InlineData("p", "user", "user")]
    [InlineData("p", "stop", "stop")]
    [InlineData("p", "made_up", null)]
    public void Option_is_passed_on_where_the_provider_knows_it(string provider, string option, string? sent)
    {
        var body = Body(provider, new ModelRequest { Model = "m", Messages = [], Options = new Dictionary<string, RawJson> { [option] = new("7"u8.ToArray()) } });

        Assert.Equal(
            sent is null ? ["model", "messages", "stream", "stream_options"] : ["model", "messages", sent, "stream", "stream_options"],
            body.EnumerateObject().Select(property => property.Name));
    }

    private static JsonElement Call(string provider, string name, string arguments) =>
        Messages(provider, User, Calling("a", name, arguments), Result("a"))[1].GetProperty("tool_calls")[0];

    private static string Calling(string id, string name, string arguments) => JsonSerializer.Serialize(
        new { role = "assistant", content = (string?)null, tool_calls = new[] { new { id, type = "function", function = new { name, arguments } } } });

    private static string Result(string id) => JsonSerializer.Serialize(new { role = "tool", tool_call_id = id, content = "1" });

    private static JsonElement Messages(string provider, params string[] messages) =>
        Body(provider, new ModelRequest { Model = "m", Messages = [.. messages.Select(message => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(message))] })
            .GetProperty("messages");

    private static JsonElement Body(string provider, ModelRequest request) => JsonElement.Parse(
        OpenAiRequestBody.Write(request, ProviderProfile.OfProvider("gateway.example", provider) ?? ProviderProfile.OfModel(request.Model), ModelLimits.None, provider).Json.Span);
}
