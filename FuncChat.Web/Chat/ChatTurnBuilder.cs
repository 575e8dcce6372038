using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools;
using FuncChat.Web.OpenAi;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Chat;

/// <summary>Checks the conversation and the settings of a chat that another protocol asks for, and makes the turn's request of them.</summary>
internal sealed class ChatTurnBuilder(ModelCatalog models, ToolCatalog tools, IOptions<HttpApiOptions> options)
{
    private const string MessagesPath = "$.messages[";

    /// <param name="model">The model; null for the default one.</param>
    /// <param name="clientTools">The tools that the client runs.</param>
    /// <param name="providerOptions">Fields that are passed on to the provider.</param>
    /// <returns>
    /// The request, or an error whose path refers to the client's messages. Its fingerprint covers what the model receives, so that a client that sends a
    /// conversation again is recognized, whatever else its body has.
    /// </returns>
    public async ValueTask<Result<ChatTurnRequest>> BuildAsync(
        WrittenConversation conversation, string? model, CompletionTools selection, IReadOnlyList<ClientTool> clientTools, SamplingOptions sampling,
        IReadOnlyDictionary<string, RawJson>? providerOptions, ToolUser user, CancellationToken cancellationToken)
    {
        var messages = conversation.Messages.RootElement;
        if (new ConversationCheck(options.Value.MaxMessages, isLenient: true).FindError(messages) is { } wrong)
            return Located(wrong, conversation.Origins);
        if (!models.TryResolve(model, out var resolved, out var unknown))
            return unknown;
        if (InputCheck.FindError(messages, resolved) is { } unsupported)
            return Located(unsupported, conversation.Origins);
        var serverTools = await ToolSelection.ResolveAsync(selection.ServerTools, tools, user, cancellationToken, selection.PathOfServerTool);
        if (!serverTools.Succeeded)
            return serverTools.Error;
        var request = new ChatTurnRequest
        {
            Model = resolved.Id,
            Resolved = resolved,
            Messages = [.. UnansweredCalls.Drop(messages)],
            Tools = serverTools.Value,
            ClientTools = clientTools.Count > 0 ? clientTools : null,
            Sampling = sampling,
            Options = providerOptions,
            Fingerprint = "",
        };
        return request with { Fingerprint = FingerprintOf(request) };
    }

    private static string FingerprintOf(ChatTurnRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var message in request.Messages)
            hash.AppendData(message.Utf8.Span);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(
            new FingerprintedSettings(request.Model, [.. request.Tools.Select(tool => tool.Name)], request.ClientTools, request.Sampling, request.Options),
            ChatTurnJson.Default.FingerprintedSettings));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The client does not know the messages that its own became.
    private static AppError Located(AppError error, IReadOnlyList<int> origins)
    {
        if (error.Path is not { } path || !path.StartsWith(MessagesPath, StringComparison.Ordinal))
            return error;
        var end = path.IndexOf(']', StringComparison.Ordinal);
        return int.TryParse(path.AsSpan(MessagesPath.Length, end - MessagesPath.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < origins.Count
            ? error with { Path = string.Create(CultureInfo.InvariantCulture, $"{MessagesPath}{origins[index]}]") }
            : error;
    }
}
