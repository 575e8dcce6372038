using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Responses;

/// <summary>`/api/v1/responses/{id}`, over HTTP.</summary>
public sealed class ResponseResourceTests : IAsyncLifetime
{
    private ResponsesServer _server = null!;

    public async Task InitializeAsync() => _server = await ResponsesServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Response_is_retrieved_as_it_was_returned()
    {
        _server.Upstream.Answers(answer => answer.Reasoning("Hm.").Text("So it is.").Ends());
        var created = await _server.CreateAsync(ResponsesServer.Body(",\"metadata\":{\"a\":\"b\"},\"instructions\":\"Be brief.\""));

        Assert.Equal(created.GetRawText(), (await _server.GetAsync(created.GetProperty("id").GetString()!)).GetRawText());
    }

    [Fact]
    public async Task Stream_continues_after_each_of_its_events_with_the_same_numbers()
    {
        _server.Upstream.Calls(("Echo", """{"text":"ha"}""")).Answers(answer => answer.Reasoning("Let me ", "think.").Text("4", "2").Ends());
        using var first = await _server.PostAsync(ResponsesServer.Body(""","stream":true,"tools":["Echo"]"""), headers: ("Idempotency-Key", "response-0001"));
        var whole = StreamedResponse.Parse(await first.Content.ReadAsStringAsync());

        foreach (var number in whole.Numbers)
        {
            var rest = await _server.FollowAsync("response-0001", number);

            Assert.Equal(Raw(whole.Events.Where(each => each.GetProperty("sequence_number").GetInt64() > number)), Raw(rest.Events));
        }

        Assert.Equal(Raw(whole.Events), Raw((await _server.FollowAsync("response-0001")).Events));
    }

    [Fact]
    public async Task Background_response_is_returned_at_once_and_needs_no_follower()
    {
        var go = new ManualSignal();
        _server.Upstream.Answers(answer => answer.Text("Half").WaitFor(go).Text(", whole.").Ends());

        var created = await _server.CreateAsync(ResponsesServer.Body(""","background":true"""));
        var id = created.GetProperty("id").GetString()!;
        await _server.Upstream.RequestAsync(0);
        var running = await _server.GetAsync(id);
        go.Set();
        var streamed = await _server.FollowAsync(id);

        Assert.True(created.GetProperty("background").GetBoolean());
        Assert.Contains(created.GetProperty("status").GetString(), new[] { "queued", "in_progress" });
        Assert.Equal("in_progress", running.GetProperty("status").GetString());
        Assert.Equal(["response.created", "response.queued", "response.in_progress"], streamed.Types.Take(3));
        Assert.Equal("Half, whole.", streamed.Text);
        Assert.Equal(streamed.Final.GetRawText(), (await _server.GetAsync(id)).GetRawText());
    }

    [Fact]
    public async Task Background_response_continues_when_its_stream_is_cut()
    {
        var go = new ManualSignal();
        _server.Upstream.Answers(answer => answer.Text("Half").WaitFor(go).Text(", whole.").Ends());
        string id;
        long last;
        using (var response = await _server.PostAsync(ResponsesServer.Body(""","background":true,"stream":true""")))
        {
            id = response.Headers.GetValues("X-Turn-Id").Single();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            string line;
            do
                line = (await reader.ReadLineAsync())!;
            while (!line.Contains("output_text.delta\",", StringComparison.Ordinal));
            last = JsonElement.Parse(line["data: ".Length..]).GetProperty("sequence_number").GetInt64();
        }

        go.Set();
        var rest = await _server.FollowAsync(id, last);

        Assert.Equal(", whole.", rest.Text);
        Assert.Equal("response.completed", rest.Types.Last());
    }

    [Fact]
    public async Task Background_response_continues_in_the_next_process_without_a_follower()
    {
        using var folder = new TemporaryFolder();
        await using var upstream = await ScriptedModelServer.StartAsync();
        (string, string)[] settings = [("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", upstream.BaseUrl), ("FuncChat:Turns:ShutdownGrace", "00:00:00")];
        upstream.Answers(answer => answer.Text("Half").Stall()).Says("A whole answer.");
        string id;
        await using (var first = await LocalServer.StartAsync(folder.Path, settings: settings))
        {
            using var body = new StringContent(ResponsesServer.Body(""","background":true"""), Encoding.UTF8, "application/json");
            using var created = await first.Http.PostAsync(ResponsesServer.Path, body);
            id = JsonElement.Parse(await created.Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
            await upstream.RequestAsync(0);
            await first.StopAsync();
        }

        await using var second = await LocalServer.StartAsync(folder.Path, settings: settings);
        await upstream.RequestAsync(1);
        var streamed = StreamedResponse.Parse(await second.Http.GetStringAsync($"{ResponsesServer.Path}/{id}?stream=true"));

        Assert.Equal("A whole answer.", streamed.Accumulate().Final.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_stops_a_response_and_does_nothing_to_one_that_has_ended(bool ended)
    {
        _server.Upstream.Answers(answer => _ = ended ? answer.Text("Done.").Ends() : answer.Text("Half").Stall());
        var created = await _server.CreateAsync(ResponsesServer.Body(ended ? "" : ""","background":true"""));
        var id = created.GetProperty("id").GetString()!;
        await _server.Upstream.RequestAsync(0);

        using var response = await _server.PostAsync("{}", $"{ResponsesServer.Path}/{id}/cancel");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var cancelled = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(ended ? "completed" : "cancelled", cancelled.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, cancelled.GetProperty("error").ValueKind);
        Assert.Equal(ended ? JsonValueKind.Number : JsonValueKind.Null, cancelled.GetProperty("completed_at").ValueKind);
        if (!ended)
            await _server.Upstream.Requests[0].Disconnected;
    }

    [Fact]
    public async Task Input_items_are_listed_in_pages()
    {
        _server.Upstream.Says("Hi.").Says("Yes.");
        var first = await _server.CreateAsync("""{"model":"openai:scripted","instructions":"Be brief.","input":"Hello"}""");
        var second = await _server.CreateAsync($$"""
            {"previous_response_id":"{{first.GetProperty("id").GetString()}}","input":[{"role":"user","content":[{"type":"input_text","text":"Look"},
            {"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"low"}]}]}
            """);
        var path = $"{second.GetProperty("id").GetString()}/input_items?order=asc";

        var page = await _server.GetAsync($"{path}&limit=2");
        var rest = await _server.GetAsync($"{path}&limit=2&after={page.GetProperty("last_id").GetString()}");

        Assert.True(page.GetProperty("has_more").GetBoolean());
        Assert.False(rest.GetProperty("has_more").GetBoolean());
        Assert.Equal(
            [("user", "input_text"), ("assistant", "output_text"), ("user", "input_text")],
            page.GetProperty("data").EnumerateArray().Concat(rest.GetProperty("data").EnumerateArray())
                .Select(item => (item.GetProperty("role").GetString(), item.GetProperty("content")[0].GetProperty("type").GetString())));
        Assert.Equal("low", rest.GetProperty("data")[0].GetProperty("content")[1].GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Ids_of_many_input_items_are_not_those_of_output_items()
    {
        _server.Upstream.Says("Hi.");
        var messages = string.Join(',', Enumerable.Repeat("""{"role":"user","content":"Hello"}""", 600));
        var response = await _server.CreateAsync($$"""{"model":"openai:scripted","input":[{{messages}}]}""");
        var ids = new List<string> { response.GetProperty("output")[0].GetProperty("id").GetString()! };

        JsonElement page;
        do
        {
            page = await _server.GetAsync($"{response.GetProperty("id").GetString()}/input_items?order=asc&limit=100{(ids.Count > 1 ? $"&after={ids[^1]}" : "")}");
            ids.AddRange(page.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        }
        while (page.GetProperty("has_more").GetBoolean());

        Assert.Equal(601, ids.Distinct().Count());
    }

    [Fact]
    public async Task Input_items_refer_to_uploaded_files_as_the_request_did()
    {
        _server.Upstream.Says("A dot.");
        using var png = new ByteArrayContent(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        png.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var uploaded = await _server.Http.PostAsync("api/files", png);
        var file = JsonElement.Parse(await uploaded.Content.ReadAsStringAsync()).GetProperty("id").GetString();
        string[] parts =
        [
            $$"""{"type":"input_image","file_id":"{{file}}","detail":"high"}""", $$"""{"type":"input_image","file_id":"{{file}}","detail":"auto"}""",
            $$"""{"type":"input_file","file_id":"{{file}}"}""",
        ];
        var content = string.Join(',', parts);

        var created = await _server.CreateAsync($$"""{"model":"openai:scripted","input":[{"role":"user","content":[{{content.Replace(",\"detail\":\"auto\"", "", StringComparison.Ordinal)}}]}]}""");
        var items = await _server.GetAsync($"{created.GetProperty("id").GetString()}/input_items");

        Assert.Equal($"[{content}]", items.GetProperty("data")[0].GetProperty("content").GetRawText());
    }

    [Fact]
    public async Task Response_that_is_not_stored_can_be_neither_retrieved_nor_continued()
    {
        _server.Upstream.Says("Hi.");
        var created = await _server.CreateAsync(ResponsesServer.Body(""","store":false"""));
        var id = created.GetProperty("id").GetString()!;

        using var read = await _server.Http.GetAsync($"{ResponsesServer.Path}/{id}");
        using var continued = await _server.PostAsync($$"""{"previous_response_id":"{{id}}","input":"And?"}""");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (read.StatusCode, continued.StatusCode));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deleted_response_is_gone(bool running)
    {
        _server.Upstream.Answers(answer => _ = running ? answer.Text("Half").Stall() : answer.Text("Done.").Ends());
        var id = (await _server.CreateAsync(ResponsesServer.Body(running ? ""","background":true""" : ""))).GetProperty("id").GetString()!;
        await _server.Upstream.RequestAsync(0);

        using var deleted = await _server.Http.DeleteAsync($"{ResponsesServer.Path}/{id}");
        using var read = await _server.Http.GetAsync($"{ResponsesServer.Path}/{id}");

        Assert.Equal($$"""{"id":"{{id}}","object":"response","deleted":true}""", await deleted.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Conversation_is_a_thread(bool background)
    {
        _server.Upstream.Says("Hi Bo.").Says("Bo.");
        var first = await _server.CreateAsync("""{"model":"openai:scripted","conversation":"conv-00001","instructions":"Be brief.","input":"I am Bo."}""");

        var second = await _server.CreateAsync($$"""{"conversation":{"id":"conv-00001"},"background":{{(background ? "true" : "false")}},"input":"Who am I?"}""");
        var streamed = await _server.FollowAsync(second.GetProperty("id").GetString()!);

        Assert.Equal("conv-00001", first.GetProperty("conversation").GetProperty("id").GetString());
        Assert.Equal(("Bo.", "conv-00001"), (streamed.Text, streamed.Final.GetProperty("conversation").GetProperty("id").GetString()));
        Assert.Equal(
            ["I am Bo.", "Hi Bo.", "Who am I?"],
            _server.Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content").GetString()));
        var thread = JsonElement.Parse(await _server.Http.GetStringAsync("api/threads/conv-00001"));
        Assert.Equal(2, thread.GetProperty("turns").GetArrayLength());
        using var deleted = await _server.Http.DeleteAsync($"{ResponsesServer.Path}/{first.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.Conflict, deleted.StatusCode);
    }

    [Fact]
    public async Task Response_of_another_user_does_not_exist()
    {
        await using var server = await ResponsesServer.StartAsync(
            ("FuncChat:Auth:ApiKeys:user:Hash", HashOf("fchat_user")), ("FuncChat:Auth:ApiKeys:other:Hash", HashOf("fchat_other")));
        server.Upstream.Says("Hi.");
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "fchat_user");
        var id = (await server.CreateAsync(ResponsesServer.Body())).GetProperty("id").GetString()!;
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "fchat_other");

        foreach (var path in new[] { id, $"{id}?stream=true", $"{id}/input_items" })
        {
            using var read = await server.Http.GetAsync($"{ResponsesServer.Path}/{path}");
            Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        }

        using var cancelled = await server.PostAsync("{}", $"{ResponsesServer.Path}/{id}/cancel");
        using var continued = await server.PostAsync($$"""{"model":"openai:scripted","previous_response_id":"{{id}}","input":"And?"}""");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (cancelled.StatusCode, continued.StatusCode));
    }

    [Theory]
    [InlineData("resp_nothing0")]
    [InlineData("resp_nothing0.2")]
    [InlineData("x")]
    [InlineData("%2e%2e%2fmodels")]
    public async Task Unknown_response_is_a_404_of_OpenAI(string id)
    {
        using var response = await _server.Http.GetAsync($"{ResponsesServer.Path}/{id}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("not_found", JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Client_that_leaves_ends_a_response_that_is_not_in_the_background()
    {
        _server.Upstream.Answers(answer => answer.Text("Half").Stall());
        using (var response = await _server.PostAsync(ResponsesServer.Body(""","stream":true""")))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            await reader.ReadLineAsync();
        }

        await _server.Upstream.Requests[0].Disconnected;
    }

    private static string Raw(IEnumerable<JsonElement> events) => string.Join('\n', events.Select(each => each.GetRawText()));

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
