using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine;
using FuncChat.Engine.Threads;

namespace FuncChat.Web.Threads;

/// <summary>A request that continues a thread: its place there, and the conversation that it makes.</summary>
/// <param name="Added">The messages of the request.</param>
/// <param name="Messages">The whole conversation, an array.</param>
/// <param name="Leading">How many messages of the request precede the history: its system messages.</param>
internal sealed record ThreadBody(ThreadPosition Position, IReadOnlyList<RawJson> Added, JsonElement Messages, int Leading)
{
    /// <summary>How many messages the request does not have itself.</summary>
    public int Inserted => Messages.GetArrayLength() - Added.Count;

    /// <summary>Joins the history of a thread and the messages of a request.</summary>
    /// <param name="added">Valid messages.</param>
    public static ThreadBody Of(ThreadPosition position, JsonElement added)
    {
        var own = added.EnumerateArray().Select(RawJson.Of).ToList();
        var leading = own.TakeWhile(ConversationReader.IsSystem).Count();
        IEnumerable<RawJson> prompt = leading == 0 && position.Thread?.SystemPrompt is { } text ? [System(text)] : [];
        using var json = new MemoryStream();
        json.WriteByte((byte)'[');
        foreach (var message in own.Take(leading).Concat(prompt).Concat(position.History).Concat(own.Skip(leading)))
        {
            if (json.Length > 1)
                json.WriteByte((byte)',');
            json.Write(message.Utf8.Span);
        }

        json.WriteByte((byte)']');
        using var document = JsonDocument.Parse(json.ToArray());
        return new ThreadBody(position, own, document.RootElement.Clone(), leading);
    }

    /// <summary>The JSON path of a message of the conversation in the request.</summary>
    public string PathOf(int index) =>
        index < Leading ? $"$.messages[{index}]" : index < Leading + Inserted ? "$.thread_id" : $"$.messages[{index - Inserted}]";

    private static RawJson System(string text) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["role"] = "system", ["content"] = text }));
}
