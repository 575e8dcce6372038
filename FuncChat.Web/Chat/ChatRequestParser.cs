using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using FuncChat.Web.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Chat;

/// <summary>
/// Reads the body of `POST /api/chat`, which may be anything. The first fault is told with its JSON path. What passes is sound: known
/// fields of the right types, a model and tools that this server has, a conversation in which each tool message answers a call.
/// </summary>
public sealed class ChatRequestParser(ModelCatalog models, ToolCatalog tools, IOptions<HttpApiOptions> options)
{
    private const string Stream = "stream";
    private const string StreamOptions = "stream_options";

    /// <summary>The fields of a chat's body.</summary>
    internal static IReadOnlyList<string> Fields { get; } = ["messages", "model", "tools", "turn_id", .. SamplingFields.Known];

    /// <summary>The fields that the proxy's body may have beside them, as OpenAI's has.</summary>
    internal static IReadOnlyList<string> ProxyFields { get; } = [.. Fields, Stream, StreamOptions];

    /// <summary>Checks a body.</summary>
    /// <param name="forProxy">Whether it may say how to stream, as OpenAI's may.</param>
    public async ValueTask<Result<TurnBody>> ParseAsync(
        ReadOnlyMemory<byte> body, ToolUser user, CancellationToken cancellationToken, bool forProxy = false)
    {
        IReadOnlyList<string> names = [];
        var read = JsonBody.Parse(body, root => Read(root, JsonBody.Fingerprint(body), forProxy, out names));
        if (!read.Succeeded || names.Count == 0)
            return read;
        var resolved = await ToolSelection.ResolveAsync(names, tools, user, cancellationToken);
        return resolved.Succeeded
            ? read.Value with { Turn = (ChatTurnRequest)read.Value.Turn with { Tools = resolved.Value } }
            : resolved.Error;
    }

    private Result<TurnBody> Read(JsonElement body, string fingerprint, bool forProxy, out IReadOnlyList<string> toolNames)
    {
        string? turnId = null, model = null;
        toolNames = [];
        bool? stream = null, includeUsage = null;
        var sampling = new SamplingOptions();
        foreach (var field in body.EnumerateObject())
        {
            var path = JsonField.PathTo("$", field.Name);
            var error = field.Name switch
            {
                "messages" => null, // read below, since they must be there
                "model" => JsonField.ReadText(field.Value, path, out model),
                "tools" => ToolSelection.Read(field.Value, path, out toolNames),
                "turn_id" => JsonField.ReadTurnId(field.Value, path, out turnId),
                Stream when forProxy => JsonField.ReadFlag(field.Value, path, out stream),
                StreamOptions when forProxy => ReadStreamOptions(field.Value, path, out includeUsage),
                _ when SamplingFields.Known.Contains(field.Name) => SamplingFields.Read(field, path, ref sampling),
                _ => JsonField.Unknown(path, forProxy ? ProxyFields : Fields),
            };
            if (error is not null)
                return error;
        }

        if (!body.TryGetProperty("messages", out var messages))
            return JsonField.Fault("$.messages", "The conversation is missing: send messages, such as [{\"role\":\"user\",\"content\":\"Hello\"}].");
        if (new ConversationCheck(options.Value.MaxMessages).FindFault(messages) is { } fault)
            return fault;
        if (!models.TryResolve(model, out var resolved, out var unknown))
            return unknown;
        return new TurnBody(turnId, new ChatTurnRequest
        {
            Model = resolved.Id,
            Resolved = resolved,
            Messages = [.. messages.EnumerateArray().Select(RawJson.Of)],
            Sampling = sampling,
            Fingerprint = fingerprint,
        })
        {
            Stream = stream ?? false,
            IncludeUsage = includeUsage ?? false,
        };
    }

    private static AppError? ReadStreamOptions(JsonElement value, string path, out bool? includeUsage)
    {
        includeUsage = null;
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            return JsonField.Fault(path, "This must be an object, such as {\"include_usage\":true}.");
        foreach (var option in value.EnumerateObject())
        {
            var optionPath = JsonField.PathTo(path, option.Name);
            if (option.Name != "include_usage")
                return JsonField.Unknown(optionPath, ["include_usage"]);
            if (JsonField.ReadFlag(option.Value, optionPath, out includeUsage) is { } error)
                return error;
        }

        return null;
    }
}
