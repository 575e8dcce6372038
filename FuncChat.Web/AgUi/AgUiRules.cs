using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;

namespace FuncChat.Web.AgUi;

/// <summary>The types of the fields of `RunAgentInput`.</summary>
internal static class AgUiRules
{
    private static readonly FieldRule Id = FieldRules.NonEmptyText(256);

    private static readonly FieldRule Content = FieldRules.ByType(
        "This must be a string, or an array of parts.",
        (JsonValueKind.String, FieldRules.Any), (JsonValueKind.Array, FieldRules.ArrayOf(FindErrorOfPart)));

    private static readonly FieldRule Call = FieldRules.Object(
        new Field("id", FieldRules.AnyText, IsRequired: true),
        new Field("type", FieldRules.OneOf("function")),
        new Field("function", FieldRules.Object(
            new Field("name", FieldRules.AnyText, IsRequired: true), new Field("arguments", FieldRules.AnyText)), IsRequired: true));

    private static readonly Field[] MessageFields =
    [
        new("role", FieldRules.OneOf("system", "developer", "user", "assistant", "tool", "reasoning", "activity"), IsRequired: true),
        new("id", FieldRules.AnyText),
        new("name", FieldRules.AnyText),
        new("encryptedValue", FieldRules.AnyText),
    ];

    private static readonly Field[] ToolResultFields =
        [new("toolCallId", FieldRules.AnyText, IsRequired: true), new("content", Content), new("error", FieldRules.AnyText)];

    private static readonly Field[] AssistantFields = [new("content", Content), new("toolCalls", FieldRules.ArrayOf(Call))];

    private static readonly Field[] OtherFields = [new("content", Content)];

    private static readonly Field[] Fields =
    [
        new("threadId", Id, IsRequired: true),
        new("runId", Id, IsRequired: true),
        new("protocolVersion", FieldRules.AnyText),
        new("parentRunId", FieldRules.AnyText),
        new("messages", FieldRules.ArrayOf(FindErrorOfMessage), IsRequired: true),
        new("tools", FieldRules.ArrayOf(
            FieldRules.Object([
                new("name", CompletionRules.ToolName, IsRequired: true), new("parameters", FieldRules.AnyObject), .. ClientToolDefinition.Fields]),
            CompletionTools.MaxTools)),
        new("context", FieldRules.ArrayOf(FieldRules.Object(new Field("description", FieldRules.AnyText), new Field("value", FieldRules.AnyText)))),
        new("forwardedProps", FieldRules.AnyObject),
        new("resume", FieldRules.ArrayOf(FieldRules.Object(
            new Field("interruptId", FieldRules.AnyText, IsRequired: true), new Field("status", FieldRules.OneOf("resolved", "cancelled"), IsRequired: true)))),
    ];

    // Names that an app, or a newer version of the protocol, may give to something else.
    private static readonly string[] AppFields = ["metadata", "store", "user"];

    private static readonly MisnamedFields Names = new([.. Fields.Select(field => field.Name), "state"])
    {
        Others = CompletionRules.Names.Except(AppFields).Where(name => name != "tools").ToDictionary(name => name, name => $"send forwardedProps.{name}", StringComparer.Ordinal),
    };

    /// <summary>The first field whose value is of the wrong type, or that has another name, or tool message that answers no call.</summary>
    public static AppError? FindError(JsonElement input) =>
        FieldRules.FindError(input, "$", Fields) ?? Names.FindError(input, "$") ?? FindErrorOfResults(input.GetProperty("messages"));

    private static AppError? FindErrorOfMessage(JsonElement message, string path)
    {
        if (FieldRules.Object(MessageFields)(message, path) is { } error)
            return error;
        return message.GetProperty("role").GetString() switch
        {
            "tool" => FieldRules.FindError(message, path, ToolResultFields),
            "assistant" => FieldRules.FindError(message, path, AssistantFields),
            "reasoning" or "activity" => null, // not read
            _ => FieldRules.FindError(message, path, OtherFields),
        };
    }

    private static AppError? FindErrorOfPart(JsonElement part, string path) => JsonField.TextOf(part, "type") switch
    {
        "text" => FieldRules.FindError(part, path, [new Field("text", FieldRules.AnyText, IsRequired: true)]),
        "image" or "audio" or "video" or "document" => FieldRules.FindError(part, path, [new Field("source", FindErrorOfSource, IsRequired: true)]),
        "binary" => FindErrorOfBinary(part, path),
        _ => JsonField.Error($"{path}.type", "The type must be one of: text, image, audio, video, document, binary."),
    };

    // As clients before version 1.0 of the protocol send files.
    private static AppError? FindErrorOfBinary(JsonElement part, string path) =>
        FieldRules.FindError(
            part, path, [new Field("mimeType", PartCheck.MediaType, IsRequired: true), new Field("url", FieldRules.AnyText), new Field("data", FieldRules.AnyText), new Field("filename", FieldRules.AnyText)])
        ?? (JsonField.TextOf(part, "url") is null && JsonField.TextOf(part, "data") is null
            ? JsonField.Error($"{path}.data", "The content is missing: send data in base64, or a url.")
            : null);

    private static AppError? FindErrorOfSource(JsonElement source, string path)
    {
        if (FieldRules.Object(new Field("type", FieldRules.OneOf("data", "url"), IsRequired: true), new Field("value", FieldRules.AnyText, IsRequired: true))(source, path) is { } error)
            return error;
        return FieldRules.FindError(source, path, [new Field("mimeType", PartCheck.MediaType, IsRequired: source.GetProperty("type").ValueEquals("data"))]);
    }

    private static AppError? FindErrorOfResults(JsonElement messages)
    {
        var calls = messages.EnumerateArray()
            .Where(message => message.TryGetProperty("toolCalls", out var sent) && sent.ValueKind == JsonValueKind.Array)
            .SelectMany(message => message.GetProperty("toolCalls").EnumerateArray().Select(call => JsonField.TextOf(call, "id")))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (place, message) in messages.EnumerateArray().Index())
        {
            if (JsonField.TextOf(message, "role") == "tool" && !calls.Contains(JsonField.TextOf(message, "toolCallId")))
                return JsonField.Error($"$.messages[{place}].toolCallId", "No assistant message has a call with this id.");
        }

        return null;
    }
}
