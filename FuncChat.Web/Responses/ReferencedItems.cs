using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;

namespace FuncChat.Web.Responses;

/// <summary>Reads the items that a request names by their ids alone (`item_reference`), which clients do for what the server has stored.</summary>
internal sealed class ReferencedItems(StoredTurns turns, DeletedResponses deleted)
{
    private const int MaxTurns = 100;

    /// <summary>The items of the user's turns that the input refers to, by their ids. Those that don't exist are missing.</summary>
    public async Task<Result<Dictionary<string, JsonElement>>> ReadAsync(string user, JsonElement input, CancellationToken cancellationToken)
    {
        var items = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (input.ValueKind != JsonValueKind.Array)
            return items;
        var ids = input.EnumerateArray().Select(IdOf).Select(id => id is null ? null : ResponseId.TurnOfItem(id)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (ids.Count > MaxTurns)
            return JsonField.Error("$.input", $"The items are of more than {MaxTurns} responses. Send the items themselves.");
        foreach (var turnId in ids)
        {
            if (await AddAsync(new TurnKey(user, turnId), items, cancellationToken) is { } error)
                return error;
        }

        return items;
    }

    /// <summary>The id that a reference names; null if the item is none.</summary>
    public static string? IdOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && (item.TryGetProperty("type", out var type) && type.ValueKind != JsonValueKind.Null
            ? type.ValueKind == JsonValueKind.String && type.ValueEquals("item_reference")
            : !item.TryGetProperty("role", out _))
        && item.TryGetProperty("id", out var id) && JsonField.TryGetText(id, out var text)
            ? text
            : null;

    private async Task<AppError?> AddAsync(TurnKey key, Dictionary<string, JsonElement> items, CancellationToken cancellationToken)
    {
        var events = new List<(long Id, TurnEvent Event)>();
        var turn = await turns.ReadAsync(key, (id, turnEvent) => events.Add((id, turnEvent)), cancellationToken);
        if (!turn.Succeeded)
            return turn.Error.Code == ErrorCode.NotFound ? null : turn.Error;
        if (StoredResponse.Of(turn.Value.Request.ProtocolData)?.Settings.Store == false)
            return null;
        var parts = 1 + events.Count(each => each.Event is ParkedEvent);
        var gone = await deleted.ReadAsync(key, parts, cancellationToken);
        foreach (var part in Enumerable.Range(1, parts).Where(part => !gone.Contains(part)))
        {
            var builder = new ResponseBuilder(new ResponseId(key.TurnId, part), new ResponseSettings());
            foreach (var (id, turnEvent) in events)
                builder.Apply(id, turnEvent);
            foreach (var item in builder.Response.Output)
            {
                using var document = JsonDocument.Parse(item.Utf8);
                items[document.RootElement.GetProperty("id").GetString()!] = document.RootElement.Clone();
            }
        }

        return null;
    }
}
