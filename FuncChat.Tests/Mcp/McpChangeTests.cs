using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Mcp;

/// <summary>Changes of its tools that a server reports.</summary>
public sealed class McpChangeTests
{
    [Fact]
    public async Task Changes_that_a_server_reports_within_a_second_cost_one_list()
    {
        await using var server = (await ScriptedMcpServer.StartAsync(sessions: true)).Says("change", "");
        server.Intercept = ReportChangesAsync;
        await using var bench = McpBench.For(server);
        await bench.ListAsync();

        await bench.CallAsync("change");
        while (server.Listed == 1)
            await ListAgainAsync();
        await bench.CallAsync("change");
        await bench.CallAsync("change");
        await bench.ListAsync();

        Assert.Equal(2, server.Listed);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        while (server.Listed == 2)
            await ListAgainAsync();
        await bench.ListAsync();
        Assert.Equal(3, server.Listed);

        // The client handles a notification while the test continues.
        async Task ListAgainAsync()
        {
            await bench.ListAsync();
            await Task.Yield();
        }
    }

    private static async Task<bool> ReportChangesAsync(HttpContext http)
    {
        if (http.Request.Method != "POST")
            return false;
        http.Request.EnableBuffering();
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        http.Request.Body.Position = 0;
        if (!body.RootElement.TryGetProperty("method", out var method) || method.GetString() != "tools/call")
            return false;
        http.Response.ContentType = "text/event-stream";
        for (var number = 0; number < 10; number++)
            await http.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n");
        await http.Response.WriteAsync($"data: {{\"jsonrpc\":\"2.0\",\"id\":{body.RootElement.GetProperty("id").GetRawText()},\"result\":{{\"content\":[]}}}}\n\n");
        return true;
    }
}
