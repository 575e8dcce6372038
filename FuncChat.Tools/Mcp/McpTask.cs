using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using static FuncChat.Tools.Mcp.JsonFields;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// A call that the server runs as a task, which the specification of 2025-11-25 lets a tool require (`execution.taskSupport`): the call returns at once,
/// the client asks for the task's status until it ends, and then for the result.
/// </summary>
/// <param name="report">Receives the status each time it was asked for, and its text if that is another one than before.</param>
internal sealed class McpTask(McpClient client, McpServerSettings server, TimeProvider time, Action<string?> report)
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);

    private bool _hasEnded;

    /// <returns>The result of the call, or why it failed after the task had begun.</returns>
    /// <exception cref="JsonException">The server returned a task without an id.</exception>
    public async ValueTask<(JsonElement Result, ExceptionDispatchInfo? Failure)> RunAsync(CallToolRequestParams call, CancellationToken cancellationToken)
    {
        var parameters = JsonSerializer.SerializeToNode(call, McpJsonUtilities.DefaultOptions)!.AsObject();
        parameters["task"] = new JsonObject { ["ttl"] = (long)server.MaxDuration.TotalMilliseconds };
        var result = await CreateAsync(parameters, cancellationToken);
        var task = FieldIn(result, "task");
        if (task.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return (result, null); // The server ran the call at once.
        if (TextIn(task, "taskId") is not { Length: > 0 } id)
            throw new JsonException("The task has no id.");
        try
        {
            return (await FollowAsync(id, task, cancellationToken), null);
        }
        catch (Exception failure)
        {
            if (!_hasEnded)
                await CancelAsync(id);
            return (default, ExceptionDispatchInfo.Capture(failure));
        }
    }

    // A task that is being created can be cancelled once its id is known.
    private async Task<JsonElement> CreateAsync(JsonObject parameters, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var cancelled = cancellationToken.Register(() => limit.CancelAfter(CancelTimeout));
        return await SendAsync(RequestMethods.ToolsCall, parameters, limit.Token);
    }

    private async Task<JsonElement> FollowAsync(string id, JsonElement task, CancellationToken cancellationToken)
    {
        Task<JsonElement>? result = null;
        for (string? last = null; ; task = await AskAsync("tasks/get", id, cancellationToken))
        {
            // A task that needs an answer asks for it while the client waits for the result.
            var status = TextIn(task, "status");
            _hasEnded = status is "completed" or "failed" or "cancelled";
            if (status != "working")
                result ??= AskAsync("tasks/result", id, cancellationToken);
            if (status is not ("working" or "input_required"))
                return await result!;
            var wait = Task.Delay(IntervalOf(task), time, cancellationToken);
            var text = TextIn(task, "statusMessage");
            report(text == last ? null : text);
            last = text;
            if (await Task.WhenAny(wait, result ?? wait) == result)
                return await result;
            await wait;
        }
    }

    private Task<JsonElement> AskAsync(string method, string id, CancellationToken cancellationToken) =>
        SendAsync(method, new JsonObject { ["taskId"] = id }, cancellationToken);

    private async Task<JsonElement> SendAsync(string method, JsonObject parameters, CancellationToken cancellationToken) =>
        await client.SendRequestAsync<JsonObject, JsonElement>(method, parameters, McpJsonUtilities.DefaultOptions, cancellationToken: cancellationToken);

    private async Task CancelAsync(string id)
    {
        try
        {
            using var limit = new CancellationTokenSource(CancelTimeout, time);
            await AskAsync("tasks/cancel", id, limit.Token);
        }
        catch (Exception)
        {
            // The task ends with its time to live.
        }
    }

    // A server that is not asked within its timeout counts as silent.
    private TimeSpan IntervalOf(JsonElement task)
    {
        var given = FieldIn(task, "pollInterval");
        var interval = given.ValueKind == JsonValueKind.Number
            ? TimeSpan.FromMilliseconds(Math.Clamp(given.GetDouble(), ShortestInterval.TotalMilliseconds, LongestInterval.TotalMilliseconds))
            : DefaultInterval;
        return interval < server.Timeout / 2 ? interval : server.Timeout / 2;
    }
}
