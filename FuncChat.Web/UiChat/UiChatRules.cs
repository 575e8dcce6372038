using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;

namespace FuncChat.Web.UiChat;

/// <summary>The types of what the AI SDK's transports send, in its versions 5 to 7.</summary>
internal static class UiChatRules
{
    // Parts that only the page shows, and data parts, whose types are the app's.
    private static readonly string[] Shown = ["reasoning", "source-url", "source-document", "step-start", "custom", "reasoning-file", "steering-message"];
    private const string DataPrefix = "data-";

    private static readonly Field[] TextFields = [new("text", FieldRules.AnyText, IsRequired: true), new("providerMetadata", FieldRules.AnyObject)];

    private static readonly Field[] FileFields =
    [
        new("mediaType", FieldRules.AnyText, IsRequired: true), new("url", FieldRules.AnyText, IsRequired: true), new("filename", FieldRules.AnyText),
    ];

    // What models made, in an assistant's messages, is not read.
    private static readonly Field[] UserFileFields = [new("mediaType", PartCheck.MediaType, IsRequired: true)];

    private static readonly Field[] ToolFields =
    [
        new("toolCallId", FieldRules.AnyText, IsRequired: true),
        new("toolName", FieldRules.AnyText),
        new("state", FieldRules.OneOf(
            "input-streaming", "input-available", "approval-requested", "approval-responded", "output-available", "output-error", "output-denied"), IsRequired: true),
        new("errorText", FieldRules.AnyText),
        new("approval", FieldRules.AnyObject),
        new("callProviderMetadata", FieldRules.AnyObject),
    ];

    private static readonly Field[] MessageFields =
    [
        new("role", FieldRules.OneOf("system", "user", "assistant"), IsRequired: true),
        new("id", FieldRules.AnyText),
        new("parts", FieldRules.ArrayOf(FindErrorOfPart), IsRequired: true),
    ];

    private static readonly Field[] Fields =
    [
        new("messages", FieldRules.ArrayOf(FindErrorOfMessage), IsRequired: true),
        new("trigger", FieldRules.OneOf("submit-message", "regenerate-message")),
        new("messageId", FieldRules.AnyText),
        new("system", FieldRules.AnyText),
    ];

    /// <summary>The first field whose value is of the wrong type.</summary>
    public static AppError? FindError(JsonElement body) => FieldRules.FindError(body, "$", Fields);

    private static AppError? FindErrorOfMessage(JsonElement message, string path) =>
        FieldRules.Object(MessageFields)(message, path)
        ?? (JsonField.TextOf(message, "role") == "user" ? FieldRules.ArrayOf(FindErrorOfUserPart)(message.GetProperty("parts"), $"{path}.parts") : null);

    private static AppError? FindErrorOfUserPart(JsonElement part, string path) =>
        UiMessageParts.TypeOf(part) == "file" ? FieldRules.FindError(part, path, UserFileFields) : null;

    private static AppError? FindErrorOfPart(JsonElement part, string path)
    {
        if (UiMessageParts.TypeOf(part) is not { } type)
            return JsonField.Error($"{path}.type", "A part must be an object with a type, such as {\"type\":\"text\",\"text\":\"Hello\"}.");
        if (type == "text")
            return FieldRules.FindError(part, path, TextFields);
        if (type == "file")
            return FieldRules.FindError(part, path, FileFields);
        if (UiMessageParts.IsTool(part))
            return FieldRules.FindError(part, path, ToolFields);
        return Shown.Contains(type, StringComparer.Ordinal) || type.StartsWith(DataPrefix, StringComparison.Ordinal)
            ? null
            : JsonField.Error($"{path}.type", "This server does not know parts of this type. It reads parts of the types text, file, tool-… and dynamic-tool.");
    }
}
