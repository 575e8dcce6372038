using System.Text.Json;
using FuncChat.Tools;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models.ChatClients;

/// <summary>OpenAI chat messages, as a <see cref="ModelRequest"/> carries them, as those of Microsoft.Extensions.AI.</summary>
/// <param name="provider">The provider and model whose state goes back.</param>
internal sealed class ChatClientMessages(string provider, string model)
{
    /// <exception cref="NotSupportedException">A part is of a kind that has no counterpart; the message names it.</exception>
    public ChatMessage Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(LoneSurrogates.Replace(json));
        var message = document.RootElement;
        var role = message.GetProperty("role").GetString()!;
        IEnumerable<AIContent> contents = role switch
        {
            "tool" => [new FunctionResultContent(MessageJson.Text(message, "tool_call_id") ?? "", MessageJson.JoinText(message))],
            "assistant" => Answer(message),
            _ => message.TryGetProperty("content", out var content) ? Parts(content) : [],
        };
        return new ChatMessage(RoleOf(role), [.. contents]) { AuthorName = MessageJson.Text(message, "name") };
    }

    private static ChatRole RoleOf(string role) => role switch
    {
        "system" or "developer" => ChatRole.System,
        "assistant" => ChatRole.Assistant,
        "tool" => ChatRole.Tool,
        _ => ChatRole.User,
    };

    // The contents in the order in which the client sent them: reasoning comes before what it led to.
    private List<AIContent> Answer(JsonElement message)
    {
        var contents = new List<AIContent>();
        var text = MessageJson.JoinText(message);
        var calls = new Queue<JsonElement>(MessageJson.ToolCalls(message));
        foreach (var item in ProviderData.Of(message, provider, model)?.Items() ?? [])
        {
            switch (MessageJson.Text(item, "type"))
            {
                case "reasoning":
                    contents.Add(new TextReasoningContent(MessageJson.Text(item, "text")) { ProtectedData = MessageJson.Text(item, "protected_data") });
                    break;
                case "text" when text.Length > 0:
                    contents.Add(new TextContent(text));
                    text = "";
                    break;
                case "function_call" when calls.TryDequeue(out var call):
                    contents.Add(ToolCall(call));
                    break;
            }
        }

        if (text.Length > 0)
            contents.Add(new TextContent(text));
        contents.AddRange(calls.Select(ToolCall));
        return contents;
    }

    private static IEnumerable<AIContent> Parts(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [new TextContent(content.GetString())],
        JsonValueKind.Array => content.EnumerateArray().Select(Part),
        _ => [],
    };

    private static AIContent Part(JsonElement part) => MessageJson.Text(part, "type") switch
    {
        "text" => new TextContent(MessageJson.Text(part, "text")),
        "refusal" => new TextContent(MessageJson.Text(part, "refusal")),
        "image_url" => Image(MessageJson.Text(part.GetProperty("image_url"), "url") ?? ""),
        "input_audio" => Audio(part.GetProperty("input_audio")),
        "file" => File(part.GetProperty("file")),
        var kind => throw new NotSupportedException($"content parts of type {kind}"),
    };

    private static AIContent Image(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
        ? new DataContent(url)
        : new UriContent(url, "image/*");

    private static DataContent Audio(JsonElement audio) => new(audio.GetProperty("data").GetBytesFromBase64(), $"audio/{MessageJson.Text(audio, "format")}");

    private static DataContent File(JsonElement file) =>
        new(file.GetProperty("file_data").GetString()!) { Name = MessageJson.Text(file, "filename") };

    private static FunctionCallContent ToolCall(JsonElement call)
    {
        var function = call.GetProperty("function");
        var arguments = MessageJson.Text(function, "arguments");
        return new FunctionCallContent(
            MessageJson.Text(call, "id") ?? "",
            MessageJson.Text(function, "name") ?? "",
            string.IsNullOrWhiteSpace(arguments) || ToolCallText.ToObject(arguments) is not { } json
                ? null
                : JsonSerializer.Deserialize<Dictionary<string, object?>>(json));
    }
}
