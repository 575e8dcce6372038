using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Web.Chat;
using FuncChat.Web.Mcp;
using FuncChat.Web.Plans;
using FuncChat.Web.Searches;
using FuncChat.Web.Threads;
using FuncChat.Web.Turns;

namespace FuncChat.Web.Http;

/// <summary>The strict mode in which request bodies are read: no unknown fields, no repeated ones, no text for numbers. Null counts as absent.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false, RespectNullableAnnotations = true, Converters = [typeof(WholeNumberConverter)])]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ProxyRequest))]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(PlanRequest))]
[JsonSerializable(typeof(SignalRequest))]
[JsonSerializable(typeof(CreateThreadRequest))]
[JsonSerializable(typeof(ChangeThreadRequest))]
[JsonSerializable(typeof(AddTurnRequest))]
[JsonSerializable(typeof(ShareThreadRequest))]
[JsonSerializable(typeof(CompleteSignInRequest))]
internal sealed partial class RequestJsonContext : JsonSerializerContext;

/// <summary>Reads a whole number however JSON writes it, such as 5.0: some languages have no other numbers.</summary>
internal sealed class WholeNumberConverter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
