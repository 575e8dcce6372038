using System.Text.Json;

namespace FuncChat.Engine.Models.Responses;

/// <summary>The fields of an event that are not objects; its `delta` stays in the event's bytes.</summary>
internal readonly record struct ResponsesEvent(string? Type, int OutputIndex, JsonStringRange DeltaRange, bool IsObject)
{
    /// <summary>It has an error of its own, which gateways send without a type.</summary>
    public bool HasError { get; private init; }

    // The types that come with each piece of text, so that they are not decoded each time.
    private static readonly string[] Frequent =
    [
        "response.output_text.delta", "response.reasoning_summary_text.delta", "response.function_call_arguments.delta", "response.reasoning_text.delta",
        "response.refusal.delta",
    ];

    public ReadOnlyMemory<byte> Delta(ReadOnlyMemory<byte> data) => JsonStringBytes.ToValidUtf8(data.Slice(DeltaRange.Start, DeltaRange.Length));

    /// <exception cref="JsonException">It is not JSON.</exception>
    public static ResponsesEvent Read(ReadOnlyMemory<byte> data)
    {
        var reader = new Utf8JsonReader(data.Span);
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
            return default;
        var read = new ResponsesEvent(null, 0, default, IsObject: true);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isDelta = reader.ValueTextEquals("delta"u8);
            var isIndex = reader.ValueTextEquals("output_index"u8);
            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isType && reader.TokenType is JsonTokenType.String)
                read = read with { Type = TypeOf(ref reader) };
            else if (isDelta && reader.TokenType is JsonTokenType.String)
                read = read with { DeltaRange = JsonStringRange.Of(ref reader) };
            else if (isIndex && reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out var index))
                read = read with { OutputIndex = index };
            else
            {
                if (isError && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.String)
                {
                    using var error = JsonDocument.ParseValue(ref reader);
                    read = read with { HasError = read.HasError || !ErrorField.IsEmpty(error.RootElement) };
                }

                reader.Skip();
            }
        }

        reader.Read();
        return read;
    }

    private static string TypeOf(ref Utf8JsonReader reader)
    {
        foreach (var known in Frequent)
        {
            if (reader.ValueTextEquals(known))
                return known;
        }

        return JsonStringBytes.TextOf(ref reader);
    }
}
