using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Responses;

/// <summary>
/// Reads the items that a request names by their ids alone (`item_reference`), which clients do for what the server has stored, and the results of calls that it
/// returns without them.
/// </summary>
internal sealed class ReferencedItems(StoredTurns turns, DeletedResponses deleted, RequestMemory memory, IOptions<HttpApiOptions> options)
{
    private const int MaxTurns = 100;

    // References are short, and what they refer to can be long. One answer can be longer than a body.
    private const int MaxBodies = 4;

    /// <summary>The items that the input refers to, by their ids. Those that don't exist are missing.</summary>
    /// <param name="withReasoning">Whether to read reasoning that is returned without what its provider wants back.</param>
    public async Task<Result<Dictionary<string, JsonElement>>> ReadAsync(string user, JsonElement input, bool withReasoning, CancellationToken cancellationToken)
    {
        var items = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (input.ValueKind != JsonValueKind.Array)
            return items;
        var ids = input.EnumerateArray().Select(IdOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var turnIds = TurnsOf(ids).ToList();
        if (turnIds.Count > MaxTurns)
            return JsonField.Error("$.input", $"The items are of more than {MaxTurns} responses. Send the items themselves.");
        var bare = input.EnumerateArray().Select(item => BareCallIdOf(item) ?? (withReasoning ? BareReasoningIdOf(item) : null)).OfType<string>().ToList();
        ids.UnionWith(bare);
        turnIds.AddRange(TurnsOf(bare).Except(turnIds, StringComparer.Ordinal).TakeLast(MaxTurns - turnIds.Count).ToList());
        long bytes = 0;
        foreach (var turnId in turnIds)
        {
            var found = await ReadAsync(new TurnKey(user, turnId), ids, cancellationToken);
            if (!found.Succeeded)
                return found.Error;
            var added = found.Value.Sum(item => (long)item.Json.Utf8.Length);
            bytes += added;
            if (bytes > (long)MaxBodies * options.Value.MaxBodyBytes)
                return JsonField.Error("$.input", $"The items have more than {(long)MaxBodies * options.Value.MaxBodyBytes} bytes. Continue with previous_response_id, or send fewer items.");
            if (memory.Keep(user, $"items of {turnId}", added).Error is { } full)
                return full;
            foreach (var (id, json) in found.Value)
                items[id] = JsonElement.Parse(json.Utf8.Span);
        }

        return items;
    }

    /// <summary>The id that a reference names; null if the item is none.</summary>
    public static string? IdOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && (JsonField.TryGet(item, "type", out var type)
            ? type.ValueKind == JsonValueKind.String && type.ValueEquals("item_reference")
            : !item.TryGetProperty("role", out _))
        && item.TryGetProperty("id", out var id) && JsonField.TryGetText(id, out var text)
            ? text
            : null;

    /// <summary>The id of a call of this server's tool that has neither a result nor an error: the Agents SDK for JavaScript returns calls so. Null if the item is none.</summary>
    public static string? BareCallIdOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && JsonField.TextOf(item, "type") == "mcp_call" && !JsonField.TryGet(item, "output", out _) && !JsonField.TryGet(item, "error", out _)
            ? JsonField.TextOf(item, "id")
            : null;

    /// <summary>The id of reasoning without what its provider wants back. Null if the item is none.</summary>
    public static string? BareReasoningIdOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && JsonField.TextOf(item, "type") == "reasoning" && !JsonField.TryGet(item, "encrypted_content", out _)
            ? JsonField.TextOf(item, "id")
            : null;

    private static IEnumerable<string> TurnsOf(IEnumerable<string> ids) => ids.Select(ResponseId.TurnOfItem).OfType<string>().Distinct(StringComparer.Ordinal);

    // Keeps neither the events of the turn, which can be many, nor its other items.
    private async Task<Result<List<(string Id, RawJson Json)>>> ReadAsync(TurnKey key, HashSet<string> ids, CancellationToken cancellationToken)
    {
        using var reads = memory.BeginStep();
        var found = new List<(int Part, string Id, RawJson Json)>();
        (ResponseBuilder builder, var part) = (null!, 1);
        var turn = await turns.ReadAsync(
            key,
            (request, started) =>
            {
                builder = new ResponseBuilder(new ResponseId(key.TurnId)) { Settings = ResponseView.SettingsOf(request, started) with { IncludesState = true } };
                return Apply;
            },
            cancellationToken);
        if (!turn.Succeeded)
            return turn.Error.Code == ErrorCode.NotFound ? new List<(string, RawJson)>() : turn.Error;
        if (StoredResponse.Of(turn.Value.Request.ProtocolData)?.Settings.Store == false)
            return new List<(string, RawJson)>();
        AddFound();
        var gone = await deleted.ReadAsync(key, part, cancellationToken);
        return found.Where(item => !gone.Contains(item.Part)).Select(item => (item.Id, item.Json)).ToList();

        void Apply(long id, TurnEvent turnEvent)
        {
            builder.Apply(id, turnEvent);
            if (turnEvent is not ParkedEvent)
                return;
            AddFound();
            (builder, part) = (builder.Next(), part + 1);
        }

        void AddFound() => found.AddRange(builder.Response.Output.Select(item => (part, IdIn(item), item)).Where(item => ids.Contains(item.Item2)));
    }

    /// <summary>The id of an item of this server.</summary>
    public static string IdIn(RawJson item)
    {
        using var document = JsonDocument.Parse(item.Utf8);
        return document.RootElement.GetProperty("id").GetString()!;
    }
}
