using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using FuncChat.Engine;
using FuncChat.Engine.Log;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Chat;

/// <summary>
/// Reads the body of `POST /api/chat`, which may be anything. The first fault is told with its JSON path. What passes is sound: known
/// fields of the right types, a model and tools that this server has, a conversation in which each tool message answers a call.
/// </summary>
public sealed class ChatRequestParser(ModelCatalog models, ToolCatalog tools, IOptions<WebOptions> options)
{
    private const int MaxDepth = 64;

    private const string StreamField = "stream";

    /// <summary>Checks a body.</summary>
    /// <param name="forProxy">Whether it may say `stream`, as OpenAI's may.</param>
    public Attempt<ChatRequest> Parse(ReadOnlyMemory<byte> body, bool forProxy = false)
    {
        if (!Utf8.IsValid(body.Span))
            return Fault("$", "The body is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, Convert.ToHexStringLower(SHA256.HashData(body.Span)), forProxy)
                : Fault("$", "The body must be a JSON object.");
        }
        catch (JsonException e)
        {
            return Fault("$", $"The body is not valid JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // What a name that is half a surrogate pair throws wherever it is looked at. JSON allows it.
            return Fault("$", "The name of a field is not valid Unicode.");
        }
    }

    internal static ChatError Fault(string path, string message) => new(ErrorCode.InvalidRequest, message) { Path = path };

    private Attempt<ChatRequest> Read(JsonElement body, string fingerprint, bool forProxy)
    {
        string? turnId = null, model = null;
        IReadOnlyList<string> toolNames = [];
        var stream = false;
        var sampling = new SamplingOptions();
        foreach (var field in body.EnumerateObject())
        {
            var path = JsonField.PathTo("$", field.Name);
            var error = field.Name switch
            {
                "messages" => null, // read below, since they must be there
                "model" => JsonField.ReadText(field.Value, path, out model),
                "tools" => ToolSelection.Read(field.Value, path, tools, out toolNames),
                "turn_id" => ReadTurnId(field.Value, path, out turnId),
                StreamField when forProxy => JsonField.ReadFlag(field.Value, path, out stream),
                _ => SamplingFields.Read(field, path, ref sampling),
            };
            if (error is not null)
                return error;
        }

        if (!body.TryGetProperty("messages", out var messages))
            return Fault("$.messages", "The conversation is missing: send messages, such as [{\"role\":\"user\",\"content\":\"Hello\"}].");
        if (new ConversationCheck(options.Value.MaxMessages).FindFault(messages) is { } fault)
            return fault;
        if (!models.TryResolve(model, out var resolved, out var unknown))
            return unknown;
        return new ChatRequest(turnId, new ChatTurnRequest
        {
            Model = $"{resolved.Provider}:{resolved.Name}",
            Messages = [.. messages.EnumerateArray().Select(RawJson.Of)],
            Tools = toolNames,
            Sampling = sampling,
            Fingerprint = fingerprint,
        }, stream);
    }

    private static ChatError? ReadTurnId(JsonElement value, string path, out string? turnId)
    {
        if (JsonField.ReadText(value, path, out turnId) is { } error)
            return error;
        return turnId is null || TurnKey.IsTurnId(turnId) ? null : Fault(path, "A turn_id has 8 to 64 letters, digits, '_' and '-'.");
    }
}
