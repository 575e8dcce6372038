using System.Text.Json;
using FuncChat.Web.Chat;

namespace FuncChat.Tests.Web.Chat;

public sealed class ConversationCheckTests
{
    private const string User = """{"role":"user","content":"a"}""";
    private const string Answer = """{"role":"assistant","content":"b"}""";

    [Theory]
    [InlineData("""{"role":"assistant","content":null}""")]
    [InlineData("""{"role":"assistant"}""")]
    [InlineData("""{"role":"assistant","content":[]}""")]
    [InlineData("""{"role":"assistant","content":null,"refusal":"I can't."}""")]
    [InlineData("""{"role":"assistant","content":null,"audio":{"id":"audio_1"}}""")]
    [InlineData("""{"role":"assistant","content":"b","tool_calls":[]}""")]
    [InlineData("""{"role":"assistant","content":"b","tool_calls":null,"function_call":null,"annotations":[],"refusal":null}""")]
    [InlineData("""{"role":"assistant","content":"b","reasoning":"x","reasoning_content":"x","reasoning_details":[{"type":"reasoning.text"}],"thinking_blocks":[]}""")]
    [InlineData("""{"role":"assistant","content":"b","provider_data":{"provider":"p"},"provider_specific_fields":{},"extra_content":{},"id":"msg_1","type":"message","phase":"final"}""")]
    [InlineData("""{"role":"assistant","content":[{"type":"thinking","thinking":[]},{"type":"text","text":"b"},{"type":"refusal","refusal":"No."}]}""")]
    [InlineData("""{"role":"user","content":"b","tool_calls":null,"refusal":null}""")]
    public void Message_that_a_server_hands_out_is_accepted(string message) => Assert.Null(ErrorOf(User, message, User));

    [Fact]
    public void Calls_without_any_result_are_accepted_before_other_messages() => Assert.Null(ErrorOf(User, Calls("a", "b"), Answer, User));

    [Fact]
    public void Calls_of_which_one_has_no_result_are_refused() =>
        Assert.Equal("$.messages[3].role", ErrorOf(User, Calls("a", "b"), """{"role":"tool","tool_call_id":"a","content":"1"}""", User)?.Path);

    [Fact]
    public void Calls_without_results_at_the_end_are_refused() => Assert.Equal("$.messages[1]", ErrorOf(User, Calls("a"))?.Path);

    [Fact]
    public void Result_after_another_message_is_refused() =>
        Assert.Equal("$.messages[3].tool_call_id", ErrorOf(User, Calls("a"), User, """{"role":"tool","tool_call_id":"a","content":"1"}""")?.Path);

    [Fact]
    public void Answer_at_the_end_is_accepted_for_the_model_to_continue() => Assert.Null(ErrorOf(User, """{"role":"assistant","content":"Once"}"""));

    [Theory]
    [InlineData("""{"role":"assistant","content":null}""", "$.messages[1].content")]
    [InlineData("""{"role":"assistant","content":""}""", "$.messages[1].content")]
    [InlineData("""{"role":"user","content":null}""", "$.messages[1].content")]
    [InlineData("""{"role":"user","content":[]}""", "$.messages[1].content")]
    [InlineData("""{"role":"user","content":"b","reasoning":"x"}""", "$.messages[1].reasoning")]
    [InlineData("""{"role":"assistant","content":"b","tool_call":[]}""", "$.messages[1].tool_call")]
    [InlineData("""{"role":"user","content":[{"type":"thinking"}]}""", "$.messages[1].content[0].type")]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{"file_id":"file-abc"}}]}""", "$.messages[1].content[0].file.file_id")]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf"}}]}""", "$.messages[1].content[0].file.file_data")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA=="}}]}""", "$.messages[1].content[0].input_audio")]
    public void Message_that_no_provider_understands_is_refused_with_its_path(string message, string path) => Assert.Equal(path, ErrorOf(User, message)?.Path);

    [Theory]
    [InlineData("https://example.com/a.png")]
    [InlineData("http://8.8.8.8/a.png")]
    [InlineData("https://[2606:4700::1111]/a.png")]
    [InlineData("data:image/png;base64,AA==")]
    public void Image_on_the_public_internet_is_accepted(string url) => Assert.Null(ErrorOf(Image(url)));

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://10.0.0.5:8080/x")]
    [InlineData("http://127.0.0.1:9/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://localhost./")]
    [InlineData("http://a.localhost/")]
    [InlineData("http://db/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://printer.local/")]
    [InlineData("https://user:pw@example.com/")]
    [InlineData("https://user@example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/a.png")]
    [InlineData("gopher://example.com/")]
    [InlineData("data:text/html,x")]
    [InlineData("/a.png")]
    [InlineData("")]
    public void Image_that_a_models_server_must_not_fetch_is_refused(string url) => Assert.Equal("$.messages[0].content[0].image_url.url", ErrorOf(Image(url))?.Path);

    private static string Image(string url) =>
        JsonSerializer.Serialize(new { role = "user", content = new[] { new { type = "image_url", image_url = new { url } } } });

    private static string Calls(params string[] ids) => JsonSerializer.Serialize(new
    {
        role = "assistant",
        content = (string?)null,
        tool_calls = ids.Select(id => new { id, type = "function", function = new { name = "f", arguments = "{}" } }),
    });

    private static FuncChat.Engine.AppError? ErrorOf(params string[] messages) =>
        new ConversationCheck(100).FindError(JsonElement.Parse($"[{string.Join(',', messages)}]"));
}
