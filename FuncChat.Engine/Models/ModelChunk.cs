namespace FuncChat.Engine.Models;

public enum ModelChunkKind
{
    /// <summary>A piece of the answer's text, in <see cref="ModelChunk.EscapedText"/>.</summary>
    Text,

    /// <summary>A piece of reasoning text, in <see cref="ModelChunk.EscapedText"/>.</summary>
    Reasoning,

    /// <summary>A piece of the text in which the model declines to answer, in <see cref="ModelChunk.EscapedText"/>.</summary>
    Refusal,

    /// <summary>A piece of a tool call, in <see cref="ModelChunk.ToolCall"/>.</summary>
    ToolCall,

    /// <summary>Tokens used, in <see cref="ModelChunk.Usage"/>; the last one counts.</summary>
    Usage,

    /// <summary>The answer is complete, in <see cref="ModelChunk.FinishReason"/> and <see cref="ModelChunk.ResponseModel"/>.</summary>
    Finish,

    /// <summary>What goes back to the provider with this answer, in <see cref="ModelChunk.State"/>; at most once, before the finish.</summary>
    State,

    /// <summary>The call failed and is repeated after a wait, in <see cref="ModelChunk.Retry"/>; only before the first piece of an answer.</summary>
    Retry,

    /// <summary>The sources that the provider sent with the answer, in <see cref="ModelChunk.Sources"/>; at most once, before the finish.</summary>
    Sources,
}

/// <summary>One piece of a streamed answer.</summary>
public readonly struct ModelChunk
{
    private readonly object? _value;

    private ModelChunk(ModelChunkKind kind, ReadOnlyMemory<byte> escapedText, object? value)
    {
        Kind = kind;
        EscapedText = escapedText;
        _value = value;
    }

    public ModelChunkKind Kind { get; }

    /// <summary>
    /// The inside of a JSON string: valid UTF-8, still escaped, without its quotes. Text travels like this from the upstream to the followers
    /// and never becomes a <see cref="string"/>. The bytes are in the producer's buffer and are valid until the next <c>MoveNextAsync</c>.
    /// </summary>
    public ReadOnlyMemory<byte> EscapedText { get; }

    public ToolCallPiece ToolCall => (ToolCallPiece)_value!;

    public ModelUsage Usage => (ModelUsage)_value!;

    public ModelState State => (ModelState)_value!;

    public ModelRetry Retry => (ModelRetry)_value!;

    /// <summary>Web addresses without duplicates. They and their titles are from outside.</summary>
    public IReadOnlyList<ModelSource> Sources => (IReadOnlyList<ModelSource>)_value!;

    /// <summary>`stop`, `length`, `tool_calls`, `content_filter`, or a word of the provider that means none of them.</summary>
    public string FinishReason => ((Finished)_value!).Reason;

    /// <summary>With the finish: the model that answered, as the provider names it; null where the provider does not name it.</summary>
    public string? ResponseModel => ((Finished)_value!).Model;

    public static ModelChunk OfText(ReadOnlyMemory<byte> escapedText) => new(ModelChunkKind.Text, escapedText, null);

    public static ModelChunk OfReasoning(ReadOnlyMemory<byte> escapedText) => new(ModelChunkKind.Reasoning, escapedText, null);

    public static ModelChunk OfRefusal(ReadOnlyMemory<byte> escapedText) => new(ModelChunkKind.Refusal, escapedText, null);

    public static ModelChunk OfToolCall(ToolCallPiece piece) => new(ModelChunkKind.ToolCall, default, piece);

    public static ModelChunk OfState(ModelState state) => new(ModelChunkKind.State, default, state);

    public static ModelChunk OfRetry(ModelRetry retry) => new(ModelChunkKind.Retry, default, retry);

    public static ModelChunk OfSources(IReadOnlyList<ModelSource> sources) => new(ModelChunkKind.Sources, default, sources);

    public static ModelChunk OfUsage(ModelUsage usage) => new(ModelChunkKind.Usage, default, usage);

    public static ModelChunk OfFinish(string reason, string? model = null) => new(ModelChunkKind.Finish, default, new Finished(reason, model));

    private sealed record Finished(string Reason, string? Model);
}

/// <summary>A piece of a tool call. Pieces with the same index are one call; its id comes once, its name and arguments in any number of pieces.</summary>
public sealed record ToolCallPiece(int Index, string? Id, string? Name, string? Arguments);
