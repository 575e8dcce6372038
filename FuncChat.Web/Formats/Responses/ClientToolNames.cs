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

    // In a tool of an earlier response: the places of its calls among those of the conversation, where a later response has another tool of its name. Ids may repeat.
    private const string Calls = "calls";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, ClientToolName> _byModelName = new(StringComparer.Ordinal);
    private readonly Dictionary<int, ClientToolName> _byCall = [];

    /// <param name="tools">The `tools` of a request.</param>
    /// <param name="before">Those of the responses before (<see cref="ToolsCalledIn"/>), for their calls.</param>
    /// <param name="conversation">The messages of the request, which have these calls.</param>
    public ClientToolNames(RawJson tools, RawJson? before = null, IReadOnlyList<RawJson>? conversation = null)
    {
        if (before is { } earlier)
        {
            AddAll(earlier, isBefore: true);
            foreach (var (place, name) in (conversation ?? []).SelectMany(CalledIn).Index())
            {
                if (_byModelName.TryGetValue(name, out var tool))
                    _byCall.TryAdd(place, tool);
            }
        }

        AddAll(tools, isBefore: false);
    }

    /// <summary>The name that the model sees.</summary>
    public static string Of(string? space, string name) => space is null ? name : ToolName.InNamespace(space, name);

    /// <summary>The name that the client gave the tool, which is the same one for most functions.</summary>
    /// <param name="call">The place of a call of the conversation among these calls; null for one of the response itself.</param>
    public ClientToolName Find(string modelName, int? call = null) =>
        (call is { } place ? _byCall.GetValueOrDefault(place) : null) ?? _byModelName.GetValueOrDefault(modelName) ?? new ClientToolName(null, modelName, IsCustom: false);

    /// <summary>
    /// The tools that the messages call, as `tools` without anything else, where their names or types differ from those of the model, or of a tool that the next response or
    /// another call of the messages has by that name; null if there are none.
    /// </summary>
    public RawJson? ToolsCalledIn(IReadOnlyList<RawJson> messages, ClientToolNames next)
    {
        var tools = new JsonArray();
        foreach (var called in messages.SelectMany(CalledIn).Select((name, place) => (Name: name, Place: place, Tool: Find(name, place))).GroupBy(call => call.Name, StringComparer.Ordinal))
        {
            var last = called.Last().Tool;
            var others = called.Where(call => call.Tool != last).GroupBy(call => call.Tool).ToList();
            foreach (var other in others)
                Add(other.Key, new JsonArray([.. other.Select(call => (JsonNode)call.Place)]));
            if (last.IsRenamed || others.Count > 0 || next.Find(called.Key).IsRenamed)
                Add(last, null);
        }

        return tools.Count == 0 ? null : new RawJson(JsonSerializer.SerializeToUtf8Bytes(tools, Relaxed));

        void Add(ClientToolName tool, JsonArray? calls)
        {
            JsonObject own = new() { ["type"] = tool.IsCustom ? "custom" : "function", ["name"] = tool.Name };
            if (calls is not null)
                own[Calls] = calls;
            tools.Add((JsonNode)(tool.Namespace is null ? own : new JsonObject { ["type"] = "namespace", ["name"] = tool.Namespace, ["tools"] = new JsonArray(own) }));
        }
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
        if (!_byModelName.Values.Any(tool => tool.IsCustom) || message.Utf8.Span.IndexOf("\"tool_calls\""u8) < 0)
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

    // The names that the model has called in a message, each as often as it was; empty for a damaged call.
    private static IEnumerable<string> CalledIn(RawJson message)
    {
        if (message.Utf8.Span.IndexOf("\"tool_calls\""u8) < 0)
            return [];
        using var document = JsonDocument.Parse(LoneSurrogates.Replace(message.Utf8));
        return document.RootElement.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array
            ? [.. calls.EnumerateArray().Select(call => (call.ValueKind == JsonValueKind.Object && JsonField.TryGet(call, "function", out var function) ? JsonField.TextOf(function, "name") : null) ?? "")]
            : [];
    }

    private void AddAll(RawJson tools, bool isBefore)
    {
        using var document = JsonDocument.Parse(tools.Utf8);
        AddAll(document.RootElement, null, isBefore);
    }

    // What is stored may be damaged.
    private void AddAll(JsonElement tools, string? space, bool isBefore)
    {
        if (tools.ValueKind != JsonValueKind.Array)
            return;
        foreach (var tool in tools.EnumerateArray())
            Add(tool, space, isBefore);
    }

    private void Add(JsonElement tool, string? space, bool isBefore)
    {
        if (JsonField.TextOf(tool, "name") is not { } name || JsonField.TextOf(tool, "type") is not { } type)
            return;
        if (type == "namespace")
        {
            if (tool.TryGetProperty("tools", out var tools))
                AddAll(tools, name, isBefore);
        }
        else if (isBefore && JsonField.TryGet(tool, Calls, out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            foreach (var call in calls.EnumerateArray())
            {
                if (call.ValueKind == JsonValueKind.Number && call.TryGetInt32(out var place))
                    _byCall.TryAdd(place, new ClientToolName(space, name, type == "custom"));
            }
        }
        else
        {
            _byModelName[Of(space, name)] = new ClientToolName(space, name, type == "custom");
        }
    }
}

/// <summary>How a client names one of its tools.</summary>
/// <param name="Namespace">The namespace; null if the tool is in none.</param>
/// <param name="IsCustom">Whether its input is text, and not arguments.</param>
internal sealed record ClientToolName(string? Namespace, string Name, bool IsCustom)
{
    /// <summary>Whether it differs from the name that the model sees, or has another type there.</summary>
    public bool IsRenamed => IsCustom || Namespace is not null;
}
