using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Responses;

/// <summary>What a response began with, as items: its messages and, if it continues a turn, what the parts before it returned, and the answers to approvals.</summary>
internal static class ResponseInputItems
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;
    private static readonly string[] FileFields = ["file_id", "file_data", "filename", "detail"];
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A page of the items, the last one first unless the query asks otherwise.</summary>
    public static Result<ResponseItemList> Page(ReadResponse response, IQueryCollection query)
    {
        var limit = DefaultLimit;
        if (query["limit"].ToString() is { Length: > 0 } text
            && !(WholeNumber.TryRead(text, out limit) && limit is > 0 and <= MaxLimit))
            return JsonField.Error("$.limit", $"The limit must be a number from 1 to {MaxLimit}.");
        var order = query["order"].ToString();
        if (order is not ("" or "asc" or "desc"))
            return JsonField.Error("$.order", "The order must be one of: asc, desc.");
        var items = ItemsOf(response);
        if (order != "asc")
            items.Reverse();
        var after = query["after"].ToString();
        var start = after.Length > 0 ? items.FindIndex(item => item.Id == after) + 1 : 0;
        if (after.Length > 0 && start == 0)
            return JsonField.Error("$.after", "The response has no such input item.");
        var page = items.Skip(start).Take(limit).ToList();
        return new ResponseItemList(
            "list", [.. page.Select(item => item.Write())], page.Count > 0 ? page[0].Id : "", page.Count > 0 ? page[^1].Id : "", start + page.Count < items.Count);
    }

    // Each is written only if the page has it: a conversation can be long.
    private static List<(string Id, Func<RawJson> Write)> ItemsOf(ReadResponse response)
    {
        var items = new List<(string, Func<RawJson>)>();
        var (id, added, called) = (response.View.Id, 0, 0);
        var names = new ClientToolNames(response.View.Settings.Tools, StoredResponse.Of(response.Request.ProtocolData)?.ToolsBefore, response.Request.Messages);
        var customCalls = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in response.Request.Messages.Skip(response.Instructions))
        {
            using var document = JsonDocument.Parse(message.Utf8);
            var root = document.RootElement;
            var kept = new Lazy<JsonElement>(() => JsonElement.Parse(message.Utf8.Span)); // for all items of the message
            var role = root.GetProperty("role").GetString()!;
            if (role == "tool")
            {
                var isCustom = customCalls.Contains(root.GetProperty("tool_call_id").GetString()!);
                Add(isCustom ? "ctco" : "fco", kept, (json, source) =>
                {
                    json.WriteString("type"u8, isCustom ? "custom_tool_call_output"u8 : "function_call_output"u8);
                    Copy(json, source, "tool_call_id", "call_id");
                    json.WritePropertyName("output"u8);
                    WriteContent(json, source.GetProperty("content"), "input_text");
                });
                continue;
            }

            if (JsonField.TryGet(root, "content", out _))
                Add("msg", kept, (json, source) => WriteMessage(json, role, source.GetProperty("content")));
            if (!root.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
                continue;
            foreach (var (index, call) in calls.EnumerateArray().Index())
            {
                var tool = names.Find(JsonField.TextOf(call.GetProperty("function"), "name") ?? "", called++);
                if (tool.IsCustom)
                    customCalls.Add(call.GetProperty("id").GetString()!);
                else
                    customCalls.Remove(call.GetProperty("id").GetString()!);
                Add(tool.IsCustom ? "ctc" : "fc", kept, (json, source) => WriteCall(json, source.GetProperty("tool_calls")[index], tool));
            }
        }

        foreach (var part in response.Before)
        {
            items.AddRange(part.Output.Select(item => (ReferencedItems.IdIn(item), (Func<RawJson>)(() => item))));
            foreach (var answer in part.Answers)
                Add("mcpa", kept: null, (json, _) => WriteAnswer(json, id, answer), hasStatus: false);
        }

        return items;

        void Add(string prefix, Lazy<JsonElement>? kept, Action<Utf8JsonWriter, JsonElement> write, bool hasStatus = true)
        {
            // Numbers from that of the first event on are those of output items.
            var itemId = id.ItemId(prefix, added < ResponseSequence.FirstOf(1) ? added : -added);
            added++;
            items.Add((itemId, () => Write(itemId, kept, write, hasStatus)));
        }
    }

    private static RawJson Write(string itemId, Lazy<JsonElement>? kept, Action<Utf8JsonWriter, JsonElement> write, bool hasStatus)
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output, Relaxed);
        json.WriteStartObject();
        json.WriteString("id"u8, itemId);
        write(json, kept?.Value ?? default);
        if (hasStatus)
            json.WriteString("status"u8, "completed"u8);
        json.WriteEndObject();
        json.Flush();
        return new RawJson(output.WrittenMemory);
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, JsonElement content)
    {
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, role);
        json.WritePropertyName("content"u8);
        WriteContent(json, content, role == "assistant" ? "output_text" : "input_text");
    }

    private static void WriteCall(Utf8JsonWriter json, JsonElement call, ClientToolName tool)
    {
        json.WriteString("type"u8, tool.IsCustom ? "custom_tool_call"u8 : "function_call"u8);
        Copy(json, call, "id", "call_id");
        json.WriteString("name"u8, tool.Name);
        if (tool.Namespace is { } space)
            json.WriteString("namespace"u8, space);
        if (tool.IsCustom)
            json.WriteString("input"u8, ClientToolNames.InputIn(JsonField.TextOf(call.GetProperty("function"), "arguments") ?? ""));
        else
            Copy(json, call.GetProperty("function"), "arguments");
    }

    private static void WriteAnswer(Utf8JsonWriter json, ResponseId id, RequestAnsweredEvent answer)
    {
        json.WriteString("type"u8, "mcp_approval_response"u8);
        json.WriteString("approval_request_id"u8, id.ApprovalId(answer.Id));
        json.WriteBoolean("approve"u8, answer.Type == "approve");
        if (answer.Reason is { } reason)
            json.WriteString("reason"u8, reason);
    }

    private static void WriteContent(Utf8JsonWriter json, JsonElement content, string textType)
    {
        json.WriteStartArray();
        if (content.ValueKind == JsonValueKind.String)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, textType);
            json.WritePropertyName("text"u8);
            content.WriteTo(json);
            WriteRest(json, textType);
            json.WriteEndObject();
        }
        else
        {
            foreach (var part in content.EnumerateArray())
                WritePart(json, part, textType);
        }

        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, JsonElement part, string textType)
    {
        json.WriteStartObject();
        switch (part.GetProperty("type").GetString())
        {
            case "text":
                json.WriteString("type"u8, textType);
                Copy(json, part, "text");
                WriteRest(json, textType);
                break;
            case "image_url":
                json.WriteString("type"u8, "input_image"u8);
                Copy(json, part.GetProperty("image_url"), "url", "image_url");
                json.WriteString("detail"u8, part.GetProperty("image_url").TryGetProperty("detail", out var detail) ? detail.GetString() : "auto");
                break;
            case "file":
                var file = part.GetProperty("file");
                json.WriteString("type"u8, file.TryGetProperty("detail", out _) ? "input_image"u8 : "input_file"u8);
                foreach (var name in FileFields)
                    Copy(json, file, name);
                break;
            default:
                foreach (var field in part.EnumerateObject())
                    field.WriteTo(json);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, string textType)
    {
        if (textType != "output_text")
            return;
        json.WriteStartArray("annotations"u8);
        json.WriteEndArray();
    }

    private static void Copy(Utf8JsonWriter json, JsonElement owner, string name, string? newName = null)
    {
        if (!owner.TryGetProperty(name, out var value))
            return;
        json.WritePropertyName(newName ?? name);
        value.WriteTo(json);
    }
}
