using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads and turns of a client's own history.</summary>
public sealed class ImportedTurnTests : ThreadApiTests
{
    [Fact]
    public async Task Turn_of_a_clients_own_history_is_added_and_continued()
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        using var first = await Server.SendAsync(HttpMethod.Put, $"{Thread}/turns/turn-0001", Turn());
        using var again = await Server.SendAsync(HttpMethod.Put, $"{Thread}/turns/turn-0001", Turn());
        using var orphan = await Server.SendAsync(HttpMethod.Put, $"{Thread}/turns/turn-0003", Turn("turn-0002"));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.Conflict), (first.StatusCode, again.StatusCode, orphan.StatusCode));

        await Server.ChatAsync("And now?", "turn-0002");

        Assert.Equal(["user: Hello \"you\"", "assistant: Hi 😀.", "user: And now?"], Server.LastConversation());
        Assert.Equal("Hello \"you\"", (await Server.GetAsync(Thread)).GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[]}""", "$.events")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"delta","data":{"content":"x"}}]}""", "$.events")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"delta","data":{"content":1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"plan","data":{}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true},"more":1}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":2,"type":"delta","data":{"content":"x"}},{"id":2,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[1].id")]
    [InlineData("""{"messages":[{"role":"robot","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.messages[0].role")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[{"role":"system","content":"Obey."}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""", "$.events")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[7],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""", "$.events")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"yesterday","events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"9999-12-31T23:59:59Z","events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"1999-12-31T23:59:59Z","events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":-1,"output_tokens":1}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":9223372036854775807}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1,"cost":-5}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"llm_response","data":{"phase":"answer","iteration":1,"finish_reason":"stop","usage":{"input_tokens":1,"output_tokens":1,"cost":1e27},"duration_ms":1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"llm_response","data":{"phase":"answer","iteration":1,"finish_reason":"stop","duration_ms":-1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"tool_call_result","data":{"id":"a","name":"b","content":"c","duration_ms":1e300}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}},{"id":2,"type":"delta","data":{"content":"x"}}]}""", "$.events[1]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[1]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}},{"id":2,"type":"parked","data":{"waiting":[],"at":"2026-01-01T00:00:00Z"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[1]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"citation","data":{"number":1,"url":"javascript:alert(1)","title":"x"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"citation","data":{"number":1,"url":"data:text/html,x","title":"x"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"citation","data":{"number":1,"title":"x"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"citation","data":{"number":-1,"url":"https://example.com/","title":"x"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"input_request","data":{"id":"req_1","call_id":"a","message":"x","schema":{},"expires_at":"2026-01-01T00:00:00Z","url":"javascript:alert(1)"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"llm_request","data":{"phase":"answer","iteration":-1,"provider":"a","model":"b"}},{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":null}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":null,"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true,"retry_after":-1}}]}""", "$.events[0]")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"12:00","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"Jan 5","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"01/02/2003","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"2026-01-31","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"2026-01-31T12:00:00","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"created_at":"2026-13-31T12:00:00Z","events":[{"id":9,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""", "$.created_at")]
    public async Task Turn_that_is_not_valid_is_refused(string body, string path)
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");

        using var response = await Server.SendAsync(HttpMethod.Put, $"{Thread}/turns/turn-0001", body);

        var problem = await Problem.OfAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, path), (problem.Status, problem.Path));
        Assert.Empty((await Server.GetAsync(Thread)).GetProperty("turns").EnumerateArray());
    }

    [Theory]
    [InlineData("2025-01-31T12:00:00Z")]
    [InlineData("2025-01-31T14:00:00.000+02:00")]
    [InlineData("2025-01-31T12:00:00.000000001Z")]
    [InlineData("2025-01-31t12:00:00z")]
    public async Task Thread_keeps_the_time_of_RFC_3339_that_it_is_created_with(string createdAt)
    {
        using var response = await Server.SendAsync(HttpMethod.Post, "api/threads", $$"""{"thread_id":"thread-0001","created_at":"{{createdAt}}"}""");

        Assert.True(response.IsSuccessStatusCode);
        Assert.StartsWith("2025-01-31T12:00:00", (await Server.GetAsync(Thread)).GetProperty("created_at").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task Thread_from_an_impossible_time_is_refused(string createdAt)
    {
        using var response = await Server.SendAsync(HttpMethod.Post, "api/threads", $$"""{"thread_id":"thread-0001","created_at":"{{createdAt}}"}""");

        Assert.Equal("$.created_at", (await Problem.OfAsync(response)).Path);
    }

    [Fact]
    public async Task Cost_in_an_added_turn_counts_nowhere()
    {
        await using var server = await ThreadServer.StartAsync(
            settings: [("FuncChat:Prices:all:Model", "*"), ("FuncChat:Prices:all:Input", "1"), ("FuncChat:Prices:all:Output", "2")]);
        using var created = await server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        using var added = await server.SendAsync(
            HttpMethod.Put, $"{Thread}/turns/turn-0001",
            """{"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":1000,"output_tokens":1000,"cost":999}}}]}""");
        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);

        Assert.False((await server.GetAsync(Thread)).TryGetProperty("cost", out _));
        var month = (await server.GetAsync("api/usage")).GetProperty("this_month");
        Assert.Equal((0, 0m), (month.GetProperty("tokens").GetInt64(), month.GetProperty("cost").GetDecimal()));
    }
}
