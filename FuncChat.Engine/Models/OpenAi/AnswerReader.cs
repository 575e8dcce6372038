using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>Reads the stream of chat completions, or a whole completion.</summary>
internal sealed class AnswerReader(ProviderErrorMapper failures) : EventStreamReader(failures)
{
    private readonly ChunkParser _parser = new();
    private readonly ChunkTemplate _shape = new();

    protected override List<ModelChunk> Found => _parser.Found;

    // The path of nearly every chunk: an event with the shape of the one before, whose text is handed out in place.
    protected override bool TryReadFast(ReadOnlyMemory<byte> data, out ModelChunk chunk)
    {
        if (!_shape.TryMatch(data.Span, out var text))
        {
            chunk = default;
            return false;
        }

        var inside = data.Slice(text.Start, text.Length);
        chunk = _shape.Kind is ModelChunkKind.Text ? ModelChunk.OfText(inside) : ModelChunk.OfReasoning(inside);
        return true;
    }

    protected override bool TryParse(ReadOnlyMemory<byte> data)
    {
        if (!_parser.TryParse(data))
            return false;
        HasFinish = _parser.HasFinish;
        _parser.Teach(_shape);
        return true;
    }

    protected override void Finish()
    {
        // Without finish_reason only `[DONE]`, or a completion in one piece, shows that the answer is complete.
        var reason = _parser.FinishReason;
        if (reason is null && IsDone && _parser.HasAnswer)
            reason = FinishReason.Stop;
        if (reason is null)
            throw Failures.BrokenOff();
        if (_parser.HasOnlyUnknown)
            throw Failures.NothingToShow();

        // Gemini ends an answer that calls tools with `stop`, and others one without calls with `tool_calls`.
        if (reason is FinishReason.Stop or FinishReason.ToolCalls)
            reason = _parser.HasToolCalls ? FinishReason.ToolCalls : FinishReason.Stop;
        if (_parser.Sources.ToChunk() is { } sources)
            Found.Add(sources);
        if (_parser.BuildState() is { } state)
            Found.Add(ModelChunk.OfState(state));
        Found.Add(ModelChunk.OfFinish(reason, _parser.Model));
    }
}
