using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;

namespace FuncChat.Web.Formats;

/// <summary>What a protocol stores with the turns that it starts.</summary>
internal static class ProtocolData
{
    /// <summary>Reads it; null if there is none, or it is another protocol's, or damaged.</summary>
    public static T? Read<T>(RawJson? data, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return data is { } stored ? JsonSerializer.Deserialize(stored.Utf8.Span, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
