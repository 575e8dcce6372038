using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models.ChatClients;

/// <summary>The updates of a client's answer, turned into chunks, and what of them goes back to the client.</summary>
internal sealed class ChatClientAnswer(ProviderErrorMapper failures)
{
    private readonly JsonArray _items = [];
    private readonly StringBuilder _reasoning = new();
    private readonly AnswerSources _sources = new();
    private int _calls;
    private bool _hasAnswer;
    private string? _finish;
    private string? _model;

    /// <exception cref="ModelException">The client reports an error.</exception>
    public IEnumerable<ModelChunk> Add(ChatResponseUpdate update)
    {
        _finish = update.FinishReason is { } reason ? FinishReason.From(reason.Value) ?? _finish : _finish;
        if (_finish is FinishReason.Error)
            throw failures.Reported(ProviderError.None, _hasAnswer);
        _model ??= update.ModelId;
        foreach (var content in update.Contents)
        {
            foreach (var citation in content.Annotations?.OfType<CitationAnnotation>() ?? [])
                _sources.Add(citation.Url?.OriginalString, citation.Title);
            if (ToChunk(content) is not { } chunk)
                continue;
            _hasAnswer |= chunk.Kind is not ModelChunkKind.Usage;
            yield return chunk;
        }
    }

    /// <summary>The state and the finish: the end of the updates is the end of the answer, though not every client has a reason for it.</summary>
    /// <exception cref="ModelException">There was no answer.</exception>
    public IEnumerable<ModelChunk> End()
    {
        if (_finish is null && !_hasAnswer)
            throw failures.BrokenOff();
        EndReasoning(null);
        if (_sources.ToChunk() is { } sources)
            yield return sources;
        if (_items.OfType<JsonObject>().Any(item => (string?)item["type"] == "reasoning"))
            yield return ModelChunk.OfState(ModelState.OfItems(_items));
        var reason = _finish is null or FinishReason.Stop or FinishReason.ToolCalls ? _calls > 0 ? FinishReason.ToolCalls : FinishReason.Stop : _finish;
        yield return ModelChunk.OfFinish(reason, _model);
    }

    private ModelChunk? ToChunk(AIContent content)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text:
                Place("text");
                return ModelChunk.OfText(EscapedText.From(text.Text));
            case TextReasoningContent reasoning:
                _reasoning.Append(reasoning.Text);
                if (reasoning.ProtectedData is { Length: > 0 } data)
                    EndReasoning(data);
                return string.IsNullOrEmpty(reasoning.Text) ? null : ModelChunk.OfReasoning(EscapedText.From(reasoning.Text));
            case FunctionCallContent call:
                EndReasoning(null);
                _items.Add(new JsonObject { ["type"] = "function_call" });
                var arguments = call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, EngineJson.ReadableOptions);
                return ModelChunk.OfToolCall(new ToolCallPiece(_calls++, string.IsNullOrEmpty(call.CallId) ? null : call.CallId, call.Name, arguments));
            case UsageContent usage:
                return ModelChunk.OfUsage(UsageOf(usage.Details));
            case ErrorContent error:
                throw failures.Reported(new ProviderError(error.Message, error.ErrorCode, null, null), _hasAnswer);
            default:
                return null;
        }
    }

    private void Place(string type)
    {
        EndReasoning(null);
        if (_items.Count == 0 || (string?)_items[^1]!["type"] != type)
            _items.Add(new JsonObject { ["type"] = type });
    }

    // Reasoning is complete with its protected data, or where something else follows.
    private void EndReasoning(string? protectedData)
    {
        if (_reasoning.Length == 0 && protectedData is null)
            return;
        var item = new JsonObject { ["type"] = "reasoning", ["text"] = _reasoning.ToString() };
        if (protectedData is not null)
            item["protected_data"] = protectedData;
        _items.Add(item);
        _reasoning.Clear();
    }

    private static ModelUsage UsageOf(UsageDetails usage) => new(Possible(usage.InputTokenCount) ?? 0, Possible(usage.OutputTokenCount) ?? 0)
    {
        CachedInputTokens = Possible(usage.CachedInputTokenCount),
        ReasoningTokens = Possible(usage.ReasoningTokenCount),
    };

    private static long? Possible(long? tokens) => tokens is { } count ? Math.Clamp(count, 0, ModelUsage.Most) : null;
}
