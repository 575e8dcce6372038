using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tests.Engine.Models.Demo;

/// <summary>OpenAI chat messages, as a request holds them.</summary>
internal static class DemoMessages
{
    public static ReadOnlyMemory<byte> Instructions(string text) => Bytes(new() { ["role"] = "system", ["content"] = text });

    public static ReadOnlyMemory<byte> User(string text) => Bytes(new() { ["role"] = "user", ["content"] = text });

    public static ReadOnlyMemory<byte> Assistant(string text) => Bytes(new() { ["role"] = "assistant", ["content"] = text });

    public static ReadOnlyMemory<byte> Calls(params (string Id, string Tool)[] calls) => Bytes(new()
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray([.. calls.Select(call => new JsonObject
        {
            ["id"] = call.Id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Tool, ["arguments"] = "{}" },
        })]),
    });

    public static ReadOnlyMemory<byte> Result(string id, string content) =>
        Bytes(new() { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = content });

    private static ReadOnlyMemory<byte> Bytes(JsonObject message) => JsonSerializer.SerializeToUtf8Bytes(message);
}
