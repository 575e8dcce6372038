using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncChat.Tools;

/// <summary>A stable reference to a tool, which a stored turn keeps: `name`, or `name#hash` where the source may change the tool's schema.</summary>
/// <param name="Name">The name that the model sees. It contains the source's name (<see cref="ToolName"/>).</param>
/// <param name="SchemaHash">The hash of the schema that was offered; null matches any.</param>
[JsonConverter(typeof(ToolRefConverter))]
public sealed record ToolRef(string Name, string? SchemaHash = null)
{
    /// <summary>The source of the tool; null for a built-in one.</summary>
    public string? Source => ToolName.SourceOf(Name);

    public static ToolRef Parse(string text) => text.IndexOf('#', StringComparison.Ordinal) is var mark and >= 0 ? new(text[..mark], text[(mark + 1)..]) : new(text);

    public override string ToString() => SchemaHash is null ? Name : $"{Name}#{SchemaHash}";
}

/// <summary>A reference is one JSON string, as names of tools were before there were references.</summary>
public sealed class ToolRefConverter : JsonConverter<ToolRef>
{
    public override ToolRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ToolRef.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, ToolRef value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
