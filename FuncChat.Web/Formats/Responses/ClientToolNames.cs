using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine;
using FuncChat.Tools;
using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.Responses;

/// <summary>
/// The tools that a client runs, as it names them and as the model does, whose tools are functions in one list: a tool in a namespace is `namespace-tool`
/// there, and a custom tool, whose input is text, is a function with this text as its only argument.
/// </summary>
internal sealed class ClientToolNames
{
    /// <summary>The argument that is the input of a custom tool.</summary>
    public const string InputArgument = "input";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, ClientToolName> _byModelName = new(StringComparer.Ordinal);

    /// <param name="tools">The `tools` of a request.</param>
    /// <param name="before">Those of a request before, for its calls.</param>
    public ClientToolNames(RawJson tools, RawJson? before = null)
    {
        foreach (var list in (ReadOnlySpan<RawJson?>)[before, tools])
        {
            if (list is not { } given)
                continue;
            using var document = JsonDocument.Parse(given.Utf8);
            AddAll(document.RootElement, null);
        }
    }

    /// <summary>The name that the model sees.</summary>
    public static string Of(string? space, string name) => space is null ? name : ToolName.InNamespace(space, name);

    /// <summary>The name that the client gave the tool, which is the same one for most functions.</summary>
    public ClientToolName Find(string modelName) => _byModelName.GetValueOrDefault(modelName) ?? new ClientToolName(null, modelName, IsCustom: false);

    /// <summary>The tools that the messages call and whose names or types differ from those of the model, as `tools` without anything else; null if there are none.</summary>
    public RawJson? ToolsCalledIn(IReadOnlyList<RawJson> messages)
    {
        if (_byModelName.Count == 0)
            return null;
        var tools = new JsonArray();
        foreach (var tool in messages.SelectMany(CalledIn).Distinct(StringComparer.Ordinal).Select(name => _byModelName.GetValueOrDefault(name)).OfType<ClientToolName>())
        {
            JsonObject own = new() { ["type"] = tool.IsCustom ? "custom" : "function", ["name"] = tool.Name };
            tools.Add((JsonNode)(tool.Namespace is null ? own : new JsonObject { ["type"] = "namespace", ["name"] = tool.Namespace, ["tools"] = new JsonArray(own) }));
        }

        return tools.Count == 0 ? null : new RawJson(JsonSerializer.SerializeToUtf8Bytes(tools, Relaxed));
    }

    /// <summary>The input of a custom tool in the arguments of its call: empty where there are none, and what the model wrote if it is no such argument.</summary>
    public static string InputIn(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.ValueKind != JsonValueKind.Object ? arguments
                : document.RootElement.GetPropertyCount() == 0 ? ""
                : document.RootElement.TryGetProperty(InputArgument, out var input) && input.ValueKind == JsonValueKind.String ? input.GetString()!
                : arguments;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return arguments;
        }
    }

    /// <summary>The arguments of a call with this input.</summary>
    public static JsonElement ArgumentsOf(string input) => JsonSerializer.SerializeToElement(new JsonObject { [InputArgument] = input }.ToJsonString(Relaxed));

    /// <summary>A message whose calls of custom tools have their input as an argument, also where the model wrote it without one.</summary>
    public RawJson WithInputs(RawJson message)
    {
        if (_byModelName.Count == 0 || message.Utf8.Span.IndexOf("\"tool_calls\""u8) < 0)
            return message;
        var json = JsonNode.Parse(LoneSurrogates.Replace(message.Utf8).Span);
        var changed = false;
        foreach (var call in json?["tool_calls"] as JsonArray ?? [])
        {
            if (call?["function"] is not JsonObject function || !Find((string?)function["name"] ?? "").IsCustom || (string?)function["arguments"] is not { } written)
                continue;
            var input = InputIn(written);
            if (input == written)
                (changed, function["arguments"]) = (true, ArgumentsOf(input).GetString());
        }

        return changed ? new RawJson(JsonSerializer.SerializeToUtf8Bytes(json, Relaxed)) : message;
    }

    // The names that the model has called in a message.
    private static IEnumerable<string> CalledIn(RawJson message)
    {
        if (message.Utf8.Span.IndexOf("\"tool_calls\""u8) < 0)
            return [];
        using var document = JsonDocument.Parse(LoneSurrogates.Replace(message.Utf8));
        return document.RootElement.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array
            ? [.. calls.EnumerateArray().Select(call => call.ValueKind == JsonValueKind.Object && JsonField.TryGet(call, "function", out var function) ? JsonField.TextOf(function, "name") : null).OfType<string>()]
            : [];
    }

    // What is stored may be damaged.
    private void AddAll(JsonElement tools, string? space)
    {
        if (tools.ValueKind != JsonValueKind.Array)
            return;
        foreach (var tool in tools.EnumerateArray())
            Add(tool, space);
    }

    private void Add(JsonElement tool, string? space)
    {
        if (JsonField.TextOf(tool, "name") is not { } name || JsonField.TextOf(tool, "type") is not { } type)
            return;
        if (type == "namespace")
        {
            if (tool.TryGetProperty("tools", out var tools))
                AddAll(tools, name);
        }
        else if (space is not null || type == "custom")
        {
            _byModelName[Of(space, name)] = new ClientToolName(space, name, type == "custom");
        }
        else
        {
            _byModelName.Remove(name);
        }
    }
}

/// <summary>How a client names one of its tools.</summary>
/// <param name="Namespace">The namespace; null if the tool is in none.</param>
/// <param name="IsCustom">Whether its input is text, and not arguments.</param>
internal sealed record ClientToolName(string? Namespace, string Name, bool IsCustom);
