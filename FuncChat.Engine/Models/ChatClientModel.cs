using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using FuncChat.Engine.Models.Http;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models;

/// <summary>
/// Any <see cref="IChatClient"/> as a model: for providers that do not speak OpenAI's wire. It costs about ten times the CPU of <see
/// cref="OpenAi.OpenAiModel"/>, since each update is a graph of objects.
/// </summary>
/// <param name="provider">The provider's name in messages for people.</param>
internal sealed class ChatClientModel(IChatClient client, string provider, TimeProvider time) : IModel
{
    private static readonly JsonSerializerOptions Arguments = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ProviderErrorMapper Failures => new(provider, ApiKey);

    /// <summary>The client's key, if it is at hand: it is then taken out of the provider's error messages.</summary>
    public string? ApiKey { get; init; }

    public static TimeSpan DefaultIdleTimeout { get; } = TimeSpan.FromSeconds(60);

    public static TimeSpan DefaultOverallTimeout { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest silence of the client. Default 60 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = DefaultIdleTimeout;

    /// <summary>The longest a call may take in all. Default 10 min.</summary>
    public TimeSpan OverallTimeout { get; init; } = DefaultOverallTimeout;

    /// <summary>
    /// The HTTP status behind an exception of the client's own kind, where it has one; for those of <see cref="HttpClient"/> it is known.
    /// </summary>
    public Func<Exception, int?> StatusOf { get; init; } = static _ => null;

    public async IAsyncEnumerable<ModelChunk> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new CallTimeouts(IdleTimeout, OverallTimeout, time, cancellationToken);
        var calls = 0;
        var hasAnswer = false;
        ChatFinishReason? finish = null;
        string? name = null;
        await using var updates = Start(request, deadline);
        while (await MoveNextAsync(updates, deadline, cancellationToken))
        {
            foreach (var content in updates.Current.Contents)
            {
                if (ToChunk(content, ref calls) is not { } chunk)
                    continue;
                hasAnswer |= chunk.Kind is not ModelChunkKind.Usage;
                yield return chunk;
            }
            finish = updates.Current.FinishReason ?? finish;
            name ??= updates.Current.ModelId;
        }

        // The end of the updates is the end of the answer; not every client gives a reason for it.
        if (finish is null && !hasAnswer)
            throw Failures.BrokenOff();
        yield return ModelChunk.OfFinish(finish?.Value ?? (calls > 0 ? "tool_calls" : "stop"), name);
    }

    private IAsyncEnumerator<ChatResponseUpdate> Start(ModelRequest request, CallTimeouts deadline)
    {
        var messages = Read(request.Messages);
        try
        {
            return client.GetStreamingResponseAsync(messages, OptionsOf(request), deadline.Token).GetAsyncEnumerator(deadline.Token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw FailureOf(failure);
        }
    }

    private ChatMessage[] Read(IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        try
        {
            return [.. messages.Select(ChatMessageJson.Read)];
        }
        catch (NotSupportedException unknown)
        {
            var error = new AppError(ErrorCode.InvalidRequest, $"Provider {provider} does not take {unknown.Message}.");
            throw new ModelException(error, unknown);
        }
        catch (Exception malformed) when (malformed
            is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new ModelException(new AppError(ErrorCode.InvalidRequest, "A message, or a part of it, is malformed."), malformed);
        }
    }

    private static ChatOptions OptionsOf(ModelRequest request) => new()
    {
        ModelId = request.Model,
        Temperature = (float?)request.Sampling.Temperature,
        MaxOutputTokens = request.Sampling.MaxTokens,
        TopP = (float?)request.Sampling.TopP,
        FrequencyPenalty = (float?)request.Sampling.FrequencyPenalty,
        PresencePenalty = (float?)request.Sampling.PresencePenalty,
        ResponseFormat = request.ResponseSchema is { } schema ? ChatResponseFormat.ForJsonSchema(schema.Schema, schema.Name) : null,
        // Declarations only: a client that would run the tools by itself must not, as the turn does.
        Tools = request.Tools.Count == 0
            ? null
            : [.. request.Tools.Select(tool => tool is AIFunction function ? function.AsDeclarationOnly() : tool)],
    };

    private async ValueTask<bool> MoveNextAsync(
        IAsyncEnumerator<ChatResponseUpdate> updates, CallTimeouts deadline, CancellationToken cancellationToken)
    {
        try
        {
            deadline.StartWaiting();
            return await updates.MoveNextAsync();
        }
        catch (Exception failure) when (deadline.Token.IsCancellationRequested)
        {
            throw deadline.IsTimeOver
                ? Failures.TimedOut(deadline, failure)
                : new OperationCanceledException(failure.Message, failure, cancellationToken);
        }
        catch (Exception failure) when (failure is not ModelException)
        {
            throw FailureOf(failure);
        }
        finally
        {
            deadline.StopWaiting();
        }
    }

    private ModelException FailureOf(Exception failure) => (StatusOf(failure), failure) switch
    {
        ({ } status, _) => Failures.Refused(status, ProviderError.None with { Message = failure.Message }, inner: failure),
        (_, HttpRequestException { StatusCode: { } status }) => Failures.Refused((int)status, ProviderError.None, inner: failure),
        (_, HttpRequestException unreachable) => Failures.Unreachable(unreachable),
        (_, IOException) => Failures.BrokenOff(failure),
        (_, TimeoutException or OperationCanceledException) => Failures.ConnectTimedOut(failure),
        _ => Failures.Unknown(failure),
    };

    private ModelChunk? ToChunk(AIContent content, ref int calls) => content switch
    {
        TextContent { Text.Length: > 0 } text => ModelChunk.OfText(EscapedText.From(text.Text)),
        TextReasoningContent { Text.Length: > 0 } reasoning => ModelChunk.OfReasoning(EscapedText.From(reasoning.Text)),
        FunctionCallContent call => ModelChunk.OfToolCall(new ToolCallPiece(
            calls++,
            string.IsNullOrEmpty(call.CallId) ? null : call.CallId,
            call.Name,
            call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, Arguments))),
        UsageContent usage => ModelChunk.OfUsage(UsageOf(usage.Details)),
        ErrorContent error => throw Failures.Reported(new ProviderError(error.Message, error.ErrorCode, null, null)),
        _ => null,
    };

    private static ModelUsage UsageOf(UsageDetails usage) => new(usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0)
    {
        CachedInputTokens = usage.CachedInputTokenCount,
        ReasoningTokens = usage.ReasoningTokenCount,
    };
}
