using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.Responses;

/// <summary>An event of a streamed response: its type decides which fields it has.</summary>
/// <param name="Type">`response.created`, `response.output_text.delta` and so on, as OpenAI names them. It is the event's name too.</param>
/// <param name="SequenceNumber">Increases from event to event, with gaps. The same event always has the same number.</param>
internal sealed record ResponseEvent(string Type, long SequenceNumber)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OpenAiResponse? Response { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OutputIndex { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ItemId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ContentIndex { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SummaryIndex { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AnnotationIndex { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonText? Delta { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Refusal { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Arguments { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Input { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UrlAnnotation? Annotation { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [RawJson("JsonObject")]
    public RawJson? Part { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [RawJson("ResponseItem")]
    public RawJson? Item { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [RawJson("JsonObject", IsArray = true)]
    public IReadOnlyList<RawJson>? Logprobs { get; init; }
}

/// <summary>The stream fails: the response itself may continue.</summary>
/// <param name="SequenceNumber">Greater than those of all events before. Follow the response after the last of those.</param>
internal sealed record ResponseErrorEvent(
    [property: AllowedValues("error")] string Type, string? Code, string Message, string? Param, long SequenceNumber);
