using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tests.Web.Responses;

/// <summary>The events of a streamed response, added up in the way of a strict client: an event out of order fails.</summary>
internal sealed class StreamedResponse
{
    private readonly List<JsonObject> _items = [];

    private StreamedResponse(IReadOnlyList<JsonElement> events) => Events = events;

    public IReadOnlyList<JsonElement> Events { get; }

    public IEnumerable<string> Types => Events.Select(each => each.GetProperty("type").GetString()!);

    public IEnumerable<long> Numbers => Events.Select(each => each.GetProperty("sequence_number").GetInt64());

    /// <summary>The response of the last event.</summary>
    public JsonElement Final => Events[^1].GetProperty("response");

    /// <summary>The items as the events alone make them, `incomplete` ones included.</summary>
    public IReadOnlyList<JsonObject> Items => _items;

    public string Text => string.Concat(Of("response.output_text.delta").Select(each => each.GetProperty("delta").GetString()));

    public static StreamedResponse Parse(string stream)
    {
        var records = stream.Split("\n\n").Where(record => record.Contains("data: ", StringComparison.Ordinal)).ToList();
        var events = records.Select(record => JsonElement.Parse(record[(record.IndexOf("data: ", StringComparison.Ordinal) + "data: ".Length)..])).ToList();
        foreach (var (record, each) in records.Zip(events))
            Assert.Contains($"event: {each.GetProperty("type").GetString()}\n", record, StringComparison.Ordinal);
        var streamed = new StreamedResponse(events);
        Assert.Equal(streamed.Numbers.Order().Distinct(), streamed.Numbers);
        return streamed;
    }

    public IEnumerable<JsonElement> Of(string type) => Events.Where(each => each.GetProperty("type").ValueEquals(type));

    /// <summary>Adds up the events, of one or of several connections, in order.</summary>
    public StreamedResponse Accumulate()
    {
        foreach (var each in Events)
            Apply(each.GetProperty("type").GetString()!, (JsonObject)JsonNode.Parse(each.GetRawText())!);
        return this;
    }

    /// <summary>The events up to a number.</summary>
    public StreamedResponse Until(long number) => new([.. Events.Where(each => each.GetProperty("sequence_number").GetInt64() <= number)]);

    public static StreamedResponse Join(params IEnumerable<StreamedResponse> parts)
    {
        var joined = new StreamedResponse([.. parts.SelectMany(part => part.Events)]);
        Assert.Equal(joined.Numbers.Order().Distinct(), joined.Numbers);
        return joined;
    }

    private void Apply(string type, JsonObject sent)
    {
        if (type is "response.output_item.added")
        {
            Assert.Equal(_items.Count, Index("output_index"));
            _items.Add(Copy("item"));
            return;
        }

        if (!sent.ContainsKey("output_index"))
            return;
        var item = _items[Index("output_index")];
        if (type is "response.output_item.done")
        {
            var done = Copy("item");
            Assert.Equal((item["id"]!.ToString(), item["type"]!.ToString()), (done["id"]!.ToString(), done["type"]!.ToString()));
            if (done["content"] is JsonArray content && content[0]!["text"] is { } text)
                Assert.Equal(text.ToString(), item["content"]![0]!["text"]!.ToString());
            _items[Index("output_index")] = done;
            return;
        }

        Assert.Equal(item["id"]!.ToString(), sent["item_id"]!.ToString());
        switch (type)
        {
            case "response.content_part.added":
                Assert.Equal(Index("content_index"), item["content"]!.AsArray().Count);
                item["content"]!.AsArray().Add(Copy("part"));
                break;
            case "response.output_text.delta":
                Append(item["content"]![Index("content_index")]!, "text");
                break;
            case "response.refusal.delta":
                Append(item["content"]![Index("content_index")]!, "refusal");
                break;
            case "response.reasoning_summary_part.added":
                item["summary"]!.AsArray().Add(Copy("part"));
                break;
            case "response.reasoning_summary_text.delta":
                Append(item["summary"]![Index("summary_index")]!, "text");
                break;
            case "response.function_call_arguments.delta" or "response.mcp_call_arguments.delta":
                Append(item, "arguments");
                break;
            case "response.custom_tool_call_input.delta":
                Append(item, "input");
                break;
        }

        int Index(string name) => sent[name]!.GetValue<int>();

        JsonObject Copy(string name) => (JsonObject)sent[name]!.DeepClone();

        void Append(JsonNode owner, string name) => owner[name] = owner[name]!.GetValue<string>() + sent["delta"]!.GetValue<string>();
    }
}
