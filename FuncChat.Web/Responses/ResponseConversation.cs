using System.Buffers;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Web.Chat;
using FuncChat.Web.Files;

namespace FuncChat.Web.Responses;

/// <summary>The conversation of a response: its instructions, the messages of the responses before, and its input.</summary>
internal sealed class ResponseConversation
{
    private readonly IReadOnlyList<string> _paths;
    private readonly JsonElement _messages;

    private ResponseConversation(int instructions, IReadOnlyList<(RawJson Message, string Path)> messages)
    {
        Instructions = instructions;
        _paths = [.. messages.Select(each => each.Path)];
        using var document = JsonDocument.Parse(Join(messages.Select(each => each.Message)));
        _messages = document.RootElement.Clone();
    }

    /// <summary>How many of the first messages are instructions.</summary>
    public int Instructions { get; }

    /// <summary>All messages, an array.</summary>
    public JsonElement All => _messages;

    /// <summary>The messages, once they are checked.</summary>
    public IReadOnlyList<RawJson> Messages => [.. UnansweredCalls.Drop(_messages)];

    public static ResponseConversation Join(string? instructions, PreviousResponse previous, ResponseInput input)
    {
        var messages = new List<(RawJson, string)>();
        if (instructions is { Length: > 0 })
            messages.Add((SystemMessage(instructions), "$.instructions"));
        messages.AddRange(previous.Messages.Select(message => (message, "$.previous_response_id")));
        messages.AddRange(input.Messages);
        return new ResponseConversation(instructions is { Length: > 0 } ? 1 : 0, messages);
    }

    public AppError? FindError(int maxMessages, int stored) => Located(new ConversationCheck(maxMessages, isLenient: true, stored, result: "function_call_output").FindError(_messages));

    /// <summary>Refuses what the model does not accept.</summary>
    public AppError? FindError(ResolvedModel model) => Located(InputCheck.FindError(_messages, model));

    /// <summary>Refuses references to files that the user does not have.</summary>
    /// <param name="threadId">The thread that the messages are added to; null if there is none.</param>
    public async ValueTask<AppError?> FindErrorAsync(FileCheck files, string user, ResolvedModel model, string? threadId, CancellationToken cancellationToken)
    {
        var error = await files.FindErrorAsync(_messages, user, model, threadId, cancellationToken, index => _paths[index]);

        // The id is in the item's part itself.
        return error is { Path: { } path } ? error with { Path = path.Replace(".file.file_id", ".file_id", StringComparison.Ordinal) } : error;
    }

    // Where the message is in the request: messages are not what the client sent.
    private AppError? Located(AppError? error)
    {
        const string Start = "$.messages[";
        if (error?.Path is not { } path)
            return error;
        if (!path.StartsWith(Start, StringComparison.Ordinal) || path.IndexOf(']', StringComparison.Ordinal) is not (> 0 and var end))
            return error with { Path = "$.input" };
        return error with { Path = int.TryParse(path[Start.Length..end], out var place) && place < _paths.Count ? _paths[place] : "$.input" };
    }

    private static RawJson SystemMessage(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("role"u8, "system"u8);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
        json.Flush();
        return new RawJson(output.WrittenMemory);
    }

    private static ReadOnlyMemory<byte> Join(IEnumerable<RawJson> messages)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output);
        json.WriteStartArray();
        foreach (var message in messages)
            json.WriteRawValue(message.Utf8.Span, skipInputValidation: true);
        json.WriteEndArray();
        json.Flush();
        return output.WrittenMemory;
    }
}
