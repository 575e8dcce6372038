using System.Text;
using FuncChat.Engine;
using FuncChat.Tools;

namespace FuncChat.Web.Formats.Responses;

/// <summary>What the model writes.</summary>
internal enum TextKind
{
    Message,
    Refusal,
    Reasoning,
}

/// <summary>The item whose text the model is writing: a message, or its reasoning.</summary>
internal sealed class OpenText
{
    private static readonly IReadOnlyList<RawJson> None = [];

    private readonly ResponseOutput _output;
    private readonly ResponseSequence _sequence;
    private readonly StringBuilder _text = new();
    private readonly string _id;
    private readonly int _index;

    private OpenText(TextKind kind, ResponseId response, ResponseOutput output, ResponseSequence sequence)
    {
        (Kind, _output, _sequence) = (kind, output, sequence);
        var number = sequence.Next();
        _id = response.ItemId(IsReasoning ? "rs" : "msg", number);
        _index = output.Add(number, IsReasoning ? Reasoning(ItemStatus.InProgress, []) : Message(ItemStatus.InProgress, []));
        if (IsReasoning)
            output.Emit("response.reasoning_summary_part.added", _index, _id, e => e with { SummaryIndex = 0, Part = Summary("") });
        else
            output.Emit("response.content_part.added", _index, _id, e => e with { ContentIndex = 0, Part = Content("", []) });
    }

    public TextKind Kind { get; }

    public int Index => _index;

    private bool IsReasoning => Kind == TextKind.Reasoning;

    public static OpenText Open(TextKind kind, ResponseId response, ResponseOutput output, ResponseSequence sequence) =>
        new(kind, response, output, sequence);

    /// <summary>Adds a piece, which may end in the middle of a surrogate pair.</summary>
    public void Append(JsonText piece)
    {
        _text.Append(piece);
        var number = _sequence.Next();
        if (!_sequence.IsWanted)
            return;
        _sequence.Emit(Kind switch
        {
            TextKind.Reasoning => new ResponseEvent("response.reasoning_summary_text.delta", number) { OutputIndex = _index, ItemId = _id, SummaryIndex = 0, Delta = piece },
            TextKind.Refusal => new ResponseEvent("response.refusal.delta", number) { OutputIndex = _index, ItemId = _id, ContentIndex = 0, Delta = piece },
            _ => new ResponseEvent("response.output_text.delta", number) { OutputIndex = _index, ItemId = _id, ContentIndex = 0, Delta = piece, Logprobs = None },
        });
    }

    /// <summary>Ends the item.</summary>
    /// <param name="sources">The sources that the text may cite.</param>
    /// <param name="state">What the provider of reasoning wants back.</param>
    public void Close(string status, CitedSources sources, string? state = null)
    {
        var text = LoneSurrogates.Replace(_text.ToString());
        if (IsReasoning)
        {
            CloseSummary(text);
            _output.Finish(_index, Reasoning(status, [new SummaryText(text)], state));
            return;
        }

        var annotations = Kind == TextKind.Refusal ? [] : UrlAnnotation.Of(text, sources);
        for (var place = 0; place < annotations.Count; place++)
        {
            var (annotation, at) = (annotations[place], place);
            _output.Emit("response.output_text.annotation.added", _index, _id, e => e with { ContentIndex = 0, AnnotationIndex = at, Annotation = annotation });
        }

        var part = Content(text, annotations);
        if (Kind == TextKind.Refusal)
            _output.Emit("response.refusal.done", _index, _id, e => e with { ContentIndex = 0, Refusal = text });
        else
            _output.Emit("response.output_text.done", _index, _id, e => e with { ContentIndex = 0, Text = text, Logprobs = None });
        _output.Emit("response.content_part.done", _index, _id, e => e with { ContentIndex = 0, Part = part });
        _output.Finish(_index, Message(status, [part]));
    }

    /// <summary>Ends the text of reasoning. Its item ends when the state is known, with <see cref="Finish"/>.</summary>
    public void Hold()
    {
        CloseSummary(LoneSurrogates.Replace(_text.ToString()));
        _output.Change(_index, ToJson());
        _sequence.Next(); // Later items have the same ids where nothing is held.
    }

    /// <inheritdoc cref="Hold"/>
    public void Finish(string status, string? state) =>
        _output.Finish(_index, Reasoning(status, [new SummaryText(LoneSurrogates.Replace(_text.ToString()))], state));

    /// <summary>The item as it is now.</summary>
    public RawJson ToJson()
    {
        var text = LoneSurrogates.Replace(_text.ToString());
        return IsReasoning ? Reasoning(ItemStatus.InProgress, [new SummaryText(text)]) : Message(ItemStatus.InProgress, [Content(text, [])]);
    }

    private void CloseSummary(string text)
    {
        _output.Emit("response.reasoning_summary_text.done", _index, _id, e => e with { SummaryIndex = 0, Text = text });
        _output.Emit("response.reasoning_summary_part.done", _index, _id, e => e with { SummaryIndex = 0, Part = Summary(text) });
    }

    private RawJson Message(string status, IReadOnlyList<RawJson> content) =>
        ResponseSequence.Json(new MessageItem(_id, status, content), ResponsesJson.Relaxed.MessageItem);

    private RawJson Reasoning(string status, IReadOnlyList<SummaryText> summary, string? state = null) =>
        ResponseSequence.Json(new ReasoningItem(_id, status, summary) { EncryptedContent = state }, ResponsesJson.Relaxed.ReasoningItem);

    private static RawJson Summary(string text) => ResponseSequence.Json(new SummaryText(text), ResponsesJson.Relaxed.SummaryText);

    private RawJson Content(string text, IReadOnlyList<UrlAnnotation> annotations) => Kind == TextKind.Refusal
        ? ResponseSequence.Json(new OutputRefusal(text), ResponsesJson.Relaxed.OutputRefusal)
        : ResponseSequence.Json(new OutputText(text, annotations), ResponsesJson.Relaxed.OutputText);
}
