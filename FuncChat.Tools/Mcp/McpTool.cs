using System.Text.Json;
using static FuncChat.Tools.Mcp.JsonFields;

namespace FuncChat.Tools.Mcp;

/// <summary>A tool as a server lists it. Fields that are not valid count as missing: the SDK refuses a whole list for one field of one tool.</summary>
/// <param name="Schema">The `inputSchema`, whatever it is.</param>
internal sealed record McpTool(string Name, string? Description, JsonElement Schema, bool IsReadOnly, bool IsDestructive)
{
    /// <summary>Whether the server runs the tool as a task only.</summary>
    public bool NeedsTask { get; init; }

    /// <returns>Null for what has no name.</returns>
    public static McpTool? Read(JsonElement listed)
    {
        if (TextIn(listed, "name") is not { Length: > 0 } name)
            return null;
        var hints = FieldIn(listed, "annotations");
        var isReadOnly = FieldIn(hints, "readOnlyHint").ValueKind == JsonValueKind.True;
        return new McpTool(
            name, TextIn(listed, "description") ?? TextIn(listed, "title") ?? TextIn(hints, "title"), FieldIn(listed, "inputSchema"), isReadOnly,
            !isReadOnly && FieldIn(hints, "destructiveHint").ValueKind != JsonValueKind.False)
        {
            NeedsTask = TextIn(FieldIn(listed, "execution"), "taskSupport") == "required",
        };
    }
}
