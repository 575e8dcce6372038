using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>A piece of a tool call as it is in a chunk; anything may be missing.</summary>
internal readonly record struct ToolCallJson(int? Index, string? Id, string? Name, string? Arguments)
{
    /// <summary>The fields that only the provider understands, such as Gemini's `extra_content`; null where there are none.</summary>
    public JsonObject? Extra { get; init; }

    /// <summary>Reads `{"index":0,"id":"…","function":{…}}`, at whose start the reader is.</summary>
    public static ToolCallJson ReadCall(ref Utf8JsonReader reader)
    {
        var call = new ToolCallJson();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isIndex = reader.ValueTextEquals("index"u8);
            var isId = reader.ValueTextEquals("id"u8);
            var isFunction = reader.ValueTextEquals("function"u8);
            var extra = isIndex || isId || isFunction || reader.ValueTextEquals("type"u8) ? null : JsonStringBytes.TextOf(ref reader);
            reader.Read();
            if (isIndex && reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out var index))
                call = call with { Index = index };
            else if (isIndex && reader.TokenType is JsonTokenType.String && int.TryParse(JsonStringBytes.TextOf(ref reader), NumberStyles.None, CultureInfo.InvariantCulture, out var place))
                call = call with { Index = place };
            else if (isId && reader.TokenType is JsonTokenType.String)
                call = call with { Id = JsonStringBytes.TextOf(ref reader) };
            else if (isFunction && reader.TokenType is JsonTokenType.StartObject)
                call = Merge(call, ReadFunction(ref reader));
            else if (extra is not null)
                call = call with { Extra = With(call.Extra, extra, ref reader) };
            else
                reader.Skip();
        }
        return call;
    }

    /// <summary>Reads `{"name":"…","arguments":"…"}`, at whose start the reader is.</summary>
    public static ToolCallJson ReadFunction(ref Utf8JsonReader reader)
    {
        var call = new ToolCallJson();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            var isArguments = reader.ValueTextEquals("arguments"u8);
            var extra = isName || isArguments ? null : JsonStringBytes.TextOf(ref reader);
            reader.Read();
            if (isName && reader.TokenType is JsonTokenType.String)
                call = call with { Name = JsonStringBytes.TextOf(ref reader) };
            else if (isArguments && reader.TokenType is not JsonTokenType.Null)
                call = call with { Arguments = ReadArguments(ref reader) };
            else if (extra is not null)
                call = call with { Extra = With(call.Extra, extra, ref reader) };
            else
                reader.Skip();
        }
        return call;
    }

    private static ToolCallJson Merge(ToolCallJson call, ToolCallJson function)
    {
        var extra = call.Extra;
        if (function.Extra is { } inner)
            (extra ??= [])["function"] = inner;
        return function with { Index = call.Index, Id = call.Id, Extra = extra };
    }

    // A null is not worth returning, and some strict servers refuse it.
    private static JsonObject? With(JsonObject? extra, string name, ref Utf8JsonReader reader)
    {
        if (StateJson.Read(ref reader) is { } value)
            (extra ??= [])[name] = value;
        return extra;
    }

    /// <summary>A string by the standard; some providers send the object itself.</summary>
    private static string ReadArguments(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.String)
            return JsonStringBytes.TextOf(ref reader);
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.GetRawText();
    }
}
