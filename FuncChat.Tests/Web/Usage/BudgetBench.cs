using System.Net;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Usage;

/// <summary>Chats of a server with budgets, and what they used.</summary>
internal static class BudgetBench
{
    private const string TurnId = "turn-0001";
    public const string Body = """{"turn_id":"turn-0001","messages":[{"role":"user","content":"Hello"}],"tools":["Echo"]}""";
    private const int AnswerTokens = 500;

    // A provider that counts as the estimate does, and a model that never stops.
    public static IEnumerable<ModelChunk> CallsEcho(ModelRequest request) =>
    [
        FakeModel.Call(0, null, GatedTools.Echo, """{"text":"again"}"""), FakeModel.Finish(FinishReason.ToolCalls),
        FakeModel.Usage(TokenEstimate.OfInput(request), Math.Min(request.Sampling.MaxTokens ?? AnswerTokens, AnswerTokens)),
    ];

    public static Task<GuardedServer> StartAsync(params (string Name, string Value)[] settings) =>
        GuardedServer.StartAsync([.. settings, ("FuncChat:Budgets:Administrators", "key:other"), ("MAX_TOOL_ITERATIONS", "50")]);

    public static async Task<IReadOnlyList<SseEvent>> ChatAsync(GuardedServer server, string body = Body)
    {
        using var response = await server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, body);
        return SseEvent.Parse(await response.Content.ReadAsStringAsync());
    }

    public static async Task<IReadOnlyList<SseEvent>> FollowAsync(GuardedServer server)
    {
        using var response = await server.GetAsync(GuardedServer.BotKey, $"api/turns/{TurnId}");
        return SseEvent.Parse(await response.Content.ReadAsStringAsync());
    }

    public static Task<HttpResponseMessage> SignalAsync(GuardedServer server, string key, string body) => server.SendAsync(
        HttpMethod.Post, $"api/turns/{TurnId}/signals{(key == GuardedServer.BotKey ? "" : "?owner=key%20bot")}", key, body);

    public static async Task<HttpStatusCode> FinishAsync(HttpResponseMessage response)
    {
        await response.Content.ReadAsStringAsync();
        return response.StatusCode;
    }

    public static async Task<JsonElement> UsageAsync(GuardedServer server, string key)
    {
        using var response = await server.GetAsync(key, "api/usage");
        return await GuardedServer.JsonAsync(response);
    }

    public static async Task<long> UsedTodayAsync(GuardedServer server) =>
        (await UsageAsync(server, GuardedServer.BotKey)).GetProperty("today").GetProperty("tokens").GetInt64();

    public static long TokensOf(IEnumerable<SseEvent> events) => events
        .Where(each => each.Name == "llm_response").Select(each => each.Data.GetProperty("usage"))
        .Sum(usage => usage.GetProperty("input_tokens").GetInt64() + usage.GetProperty("output_tokens").GetInt64());
}
