using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>Writes the chunks of one stream: in steps, with the text and reasoning part that is open. Chunks that the client has are counted and not written.</summary>
internal sealed class UiMessageWriter(EventStreamWriter records, UiMessageView view)
{
    private static readonly JsonTypeInfo<UiMessageChunk> Json = UiMessageJson.Relaxed.UiMessageChunk;

    private int _startIndex = view.StartIndex;
    private bool _inStep;
    private bool _hasStarted;
    private string? _text;
    private string? _reasoning;
    private int _parts;

    /// <summary>The number of chunks of the stream so far, those that the client has included.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the step has a part.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Starts the message, if the stream has reached its part of the turn. Earlier chunks are not part of the stream.</summary>
    /// <param name="isEnd">Whether no more events come.</param>
    public void StartMessage(bool isEnd = false)
    {
        if (_hasStarted || (!isEnd && records.EventId <= view.Run.After))
            return;
        _hasStarted = true;
        Write(new UiMessageChunk("start") { MessageId = view.MessageId, MessageMetadata = new UiMessageMetadata { TurnId = view.Run.TurnId } });
        foreach (var chunk in view.Earlier)
            Write(chunk);
    }

    /// <summary>Starts a step, and ends the one before. A step whose model call is retried continues.</summary>
    public void StartStep()
    {
        if (_inStep && !HasContent)
            return;
        EndStep();
        _inStep = true;
        Write(new UiMessageChunk("start-step"));
    }

    public void EndStep()
    {
        EndParts(null);
        if (_inStep)
            Write(new UiMessageChunk("finish-step"));
        _inStep = HasContent = false;
    }

    /// <summary>Takes back what the model has written in this step.</summary>
    public void ResetStep()
    {
        _text = _reasoning = null;
        HasContent = false;
        Write(new UiMessageChunk("reset-step"));
    }

    public void Text(JsonText delta)
    {
        HasContent = true;
        EndReasoning();
        if (_text is null)
            Write(new UiMessageChunk("text-start") { Id = _text = NextId("text") });
        Write(new UiMessageChunk("text-delta") { Id = _text, Delta = delta });
    }

    public void Reasoning(JsonText delta)
    {
        HasContent = true;
        EndText(null);
        if (_reasoning is null)
            Write(new UiMessageChunk("reasoning-start") { Id = _reasoning = NextId("reasoning") });
        Write(new UiMessageChunk("reasoning-delta") { Id = _reasoning, Delta = delta });
    }

    /// <summary>Ends the text and the reasoning of a model call.</summary>
    /// <param name="metadata">What the client sends back with the text.</param>
    /// <returns>Whether there is a text that it can send it back with.</returns>
    public bool EndParts(UiProviderMetadata? metadata)
    {
        EndReasoning();
        return EndText(metadata);
    }

    /// <summary>Writes a chunk of a tool call or a data part, which follow the text of their step.</summary>
    public void Part(UiMessageChunk chunk)
    {
        EndParts(null);
        HasContent = true;
        Write(chunk);
    }

    /// <summary>Ends the stream with an error, however many chunks the client has.</summary>
    public void Fail(string message)
    {
        _startIndex = 0;
        StartMessage(isEnd: true);
        End(new UiMessageChunk("error") { ErrorText = message }, "error", null);
    }

    /// <param name="last">A chunk to write before the last one.</param>
    /// <param name="reason">Why the answer ends here; null if it was stopped.</param>
    public void End(UiMessageChunk? last, string? reason, UiMessageMetadata? metadata)
    {
        EndStep();
        if (last is not null)
            Write(last);
        Write(new UiMessageChunk("finish") { FinishReason = view.Version.HasFinishReason ? reason : null, MessageMetadata = metadata });
        records.Write("[DONE]"u8);
    }

    public void Write(UiMessageChunk chunk)
    {
        if (_hasStarted && Count++ >= _startIndex)
            records.Write(chunk, Json);
    }

    private bool EndText(UiProviderMetadata? metadata)
    {
        if (_text is null)
            return false;
        Write(new UiMessageChunk("text-end") { Id = _text, ProviderMetadata = metadata });
        _text = null;
        return true;
    }

    private void EndReasoning()
    {
        if (_reasoning is not null)
            Write(new UiMessageChunk("reasoning-end") { Id = _reasoning });
        _reasoning = null;
    }

    private string NextId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{++_parts}");
}
