using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>
/// Maps a chat to OpenAI's `chat.completion.chunk`: its text, its end and its error. The format can't take back text that a crash made void, so that
/// is an error.
/// </summary>
/// <param name="includeUsage">Whether a chunk with the tokens used, and without choices, comes last, as OpenAI's `stream_options` ask.</param>
internal sealed class OpenAiChatMapping(string turnId, DateTimeOffset created, bool includeUsage) : ITurnEventMapping
{
    private readonly ChatOutcome _outcome = new();
    private bool _textSinceCall;
    private bool _failed;

    public void Map(TurnEvent turnEvent, EventStreamWriter records)
    {
        if (_failed)
            return;
        _outcome.Add(turnEvent);
        switch (turnEvent)
        {
            case StatusEvent:
                Write(new ChunkDelta { Role = "assistant", Content = Text("\"\""u8) }, records);
                break;
            case LlmRequestEvent { Tool: null }:
                _textSinceCall = false;
                break;
            case DeltaEvent delta:
                _textSinceCall = true;
                Write(new ChunkDelta { Content = delta.Content }, records);
                break;
            case MessageCompleteEvent completed when HasTextBeforeTools(completed.Message):
                Write(new ChunkDelta { Content = Text("\"\\n\\n\""u8) }, records);
                break;
            case MessageResetEvent when _textSinceCall:
                Fail(ChatOutcome.Interrupted, records);
                break;
            case CompleteEvent complete:
                Write(new ChunkDelta(), records, _outcome.FinishReason);
                if (includeUsage)
                    records.Write(ChunkOf([]) with { Usage = CompletionUsage.Of(complete.Usage) }, WebJson.Relaxed.CompletionChunk);
                records.Write("[DONE]"u8);
                break;
            case ErrorEvent:
                Fail(_outcome.Error!, records);
                break;
            case SearchStartEvent or PlanEvent when !records.HasStarted:
                records.AnswerInstead(new ProblemResult(ChatOutcome.NotAChat));
                break;
            case SearchStartEvent or PlanEvent:
                Fail(ChatOutcome.NotAChat, records);
                break;
        }
    }

    public void Interrupt(EventStreamWriter records)
    {
        if (!_failed)
            Fail(_outcome.Unfinished, records);
    }

    private void Fail(AppError error, EventStreamWriter records)
    {
        _failed = true;
        var code = JsonSerializer.SerializeToElement(error.Code).GetString()!;
        records.Write(new ChunkError(new ChunkErrorBody(error.Message, "server_error", code)), WebJson.Relaxed.ChunkError);
    }

    // The messages of a turn are one text here: what comes after tools starts a new paragraph.
    private static bool HasTextBeforeTools(RawJson message)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        return document.RootElement.TryGetProperty("tool_calls", out _)
            && document.RootElement.GetProperty("content") is { ValueKind: JsonValueKind.String } content && !content.ValueEquals("");
    }

    private static JsonText Text(ReadOnlySpan<byte> json) => new(json.ToArray());

    private void Write(ChunkDelta delta, EventStreamWriter records, string? finishReason = null) =>
        records.Write(ChunkOf([new ChunkChoice(0, delta, finishReason)]), WebJson.Relaxed.CompletionChunk);

    private CompletionChunk ChunkOf(IReadOnlyList<ChunkChoice> choices) =>
        new(turnId, "chat.completion.chunk", created.ToUnixTimeSeconds(), _outcome.Model, choices);
}
